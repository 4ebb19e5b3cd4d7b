// One line of truth. Role: what can be said at any time: the engine, the device for training, and the way to the privacy report.
import { Button as PlainButton } from 'react-aria-components';
import { useLocation } from 'wouter';
import { cx } from '../../components/cx.ts';
import { Check, Device, Shield, Warning } from '../../components/icons.tsx';
import { Tooltip } from '../../components/Tooltip.tsx';
import { bridge } from '../../platform/bridge.ts';
import { useConnection } from '../../platform/context.tsx';
import { useCall } from '../../state/queries.ts';
import { statusSlot } from '../../state/status.tsx';
import { kbdOf, SHELL_KEYS } from '../keys/actions.ts';
import styles from './Shell.module.css';

export function StatusBar() {
  const connection = useConnection();
  const [, go] = useLocation();
  const chosen = useCall('app.devices', {}).data?.find((device) => device.chosen);
  return (
    <footer className={styles.status} data-region="status">
      {connection === 'open' ? (
        <span className={cx(styles.fact, styles.ok)}>
          <Check size={12} />
          Engine ready
        </span>
      ) : (
        <span className={cx(styles.fact, styles.warn)}>
          <Warning size={12} />
          {connection === 'connecting' ? 'Waiting for the engine' : 'Engine away, trying again'}
        </span>
      )}
      <div className={styles.slot} ref={statusSlot} />
      <span className={styles.space} />
      {chosen && (
        <>
          <span className={styles.fact}>
            <Device size={12} />
            {chosen.title}
          </span>
          <span className={styles.rule} />
        </>
      )}
      <Tooltip
        kbd={kbdOf(SHELL_KEYS.privacy)}
        text={
          bridge()
            ? 'No account, no telemetry, no update check. Zerolabel makes no network request.'
            : 'No account, no telemetry, no update check. This page talks only to the engine on the machine that serves it.'
        }
      >
        <PlainButton
          className={cx(styles.fact, styles.ok, styles.shield)}
          aria-label="Offline: privacy report"
          onPress={() => go('/privacy')}
        >
          <Shield size={12} />
          Offline
        </PlainButton>
      </Tooltip>
    </footer>
  );
}
