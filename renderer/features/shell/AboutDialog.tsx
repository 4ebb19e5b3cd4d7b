// What this program is. Role: version, licence, host. Limits: facts from the engine only.
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { Mark } from '../../components/icons.tsx';
import { Facts } from '../../components/Panel.tsx';
import { useCall } from '../../state/queries.ts';
import styles from './Shell.module.css';

const HOSTS = {
  electron: 'Desktop window',
  server: 'Browser page of a local server',
  cli: 'Command line',
} as const;

export function AboutDialog({ isOpen, onClose }: { isOpen: boolean; onClose(): void }) {
  const { data: info } = useCall('app.info', {});
  return (
    <Dialog title="About" isOpen={isOpen} onClose={onClose} footer={<Button onPress={onClose}>Close</Button>}>
      <div className={styles.about}>
        <Mark size={32} />
        <div>
          <h3>Zerolabel {info?.version}</h3>
          <p>Labels anomalies in private video without annotation.</p>
        </div>
      </div>
      {info && (
        <Facts
          facts={[
            ['Licence', info.licence],
            ['Shown in', HOSTS[info.host]],
            ['Node', info.node],
            ['Platform', info.platform],
          ]}
        />
      )}
      <p className={styles.small}>
        Video is read and written with FFmpeg, in a build under the GNU General Public License version 3.
        Nothing leaves this machine.
      </p>
    </Dialog>
  );
}
