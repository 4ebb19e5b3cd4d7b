// What this machine can do: devices with what a real training step reached, the network, the keys.

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Device } from '../../../shared/contract/index.ts';
import { Badge } from '../../components/Badge.tsx';
import { Button } from '../../components/Button.tsx';
import { cx } from '../../components/cx.ts';
import { Check, Minus, Shield } from '../../components/icons.tsx';
import { Kbd } from '../../components/Kbd.tsx';
import { ErrorLine, LoadingRows } from '../../components/State.tsx';
import { bytes, count, plural } from '../../format.ts';
import { bridge } from '../../platform/bridge.ts';
import { useClient } from '../../platform/context.tsx';
import { callKey, useAction, useCall } from '../../state/queries.ts';
import { chooseTheme, useTheme } from '../../state/theme.ts';
import { inOrder } from './devices.ts';
import styles from './Home.module.css';

export function MachinePanel() {
  const client = useClient();
  const { theme } = useTheme();
  const { data: info } = useCall('app.info', {});
  return (
    <aside className={styles.aside} aria-label="This machine" data-region="machine">
      <Devices />
      <section className={styles.block}>
        <h2 className={styles.blockHead}>
          <Shield />
          Offline
        </h2>
        <p className={styles.text}>
          No account, no telemetry, no update check.{' '}
          {bridge()
            ? 'Zerolabel makes no network request.'
            : 'This page talks only to the engine on the machine that serves it.'}
        </p>
      </section>
      <section className={styles.block}>
        <h2 className={styles.blockHead}>Learn the keys</h2>
        <div className={styles.keys}>
          <span>
            <Kbd>Space</Kbd>
          </span>
          Play
          <span>
            <Kbd>←</Kbd>
            <Kbd>→</Kbd>
          </span>
          One frame
          <span>
            <Kbd>N</Kbd>
            <Kbd>P</Kbd>
          </span>
          Next event
          <span>
            <Kbd>+</Kbd>
            <Kbd>-</Kbd>
          </span>
          Zoom
          <span>
            <Kbd>Ctrl K</Kbd>
          </span>
          Go to
          <span>
            <Kbd>F6</Kbd>
          </span>
          Next region
        </div>
      </section>
      <span className={styles.push} />
      <div className={styles.foot}>
        <span>{info ? `Zerolabel ${info.version}` : ''}</span>
        <Button
          small
          variant="quiet"
          onPress={() => chooseTheme(client, theme === 'dark' ? 'light' : 'dark')}
        >
          {theme === 'dark' ? 'Light theme' : 'Dark theme'}
        </Button>
      </div>
    </aside>
  );
}

function Devices() {
  const { data, error } = useCall('app.devices', {});
  const queries = useQueryClient();
  const [checked, setChecked] = useState(false);
  const again = useAction('app.devices', (devices) => {
    queries.setQueryData(callKey('app.devices', {}), devices);
    setChecked(true);
  });
  return (
    <section className={styles.block}>
      <h2 className={styles.blockHead}>
        This machine
        <span className={styles.push} />
        <Button
          small
          variant="quiet"
          isDisabled={again.pending || (!data && !error)}
          onPress={() => again.run({ again: true })}
        >
          {again.pending ? 'Checking…' : 'Check again'}
        </Button>
      </h2>
      {(error ?? again.error) ? (
        <div className={styles.text}>
          <ErrorLine error={error ?? again.error} />
        </div>
      ) : !data ? (
        <LoadingRows rows={3} height={56} label="Trying the devices with a real training step" />
      ) : (
        <>
          {inOrder(data)
            .filter((device) => device.usable)
            .map((device) => (
              <DeviceRow key={device.name} device={device} />
            ))}
          <OtherDevices devices={data.filter((device) => !device.usable)} />
        </>
      )}
      <p className="sr-only" role="status">
        {again.pending ? 'Checking the devices' : checked ? 'Devices checked' : ''}
      </p>
    </section>
  );
}

/** Devices this machine does not have or cannot use, with the reason, on demand. */
function OtherDevices({ devices }: { devices: readonly Device[] }) {
  const [open, setOpen] = useState(false);
  if (devices.length === 0) return null;
  return (
    <>
      {open && devices.map((device) => <DeviceRow key={device.name} device={device} />)}
      <Button small variant="quiet" aria-expanded={open} onPress={() => setOpen(!open)}>
        {open ? 'Show usable devices only' : `${plural(devices.length, 'other')} not usable here: why?`}
      </Button>
    </>
  );
}

function DeviceRow({ device }: { device: Device }) {
  return (
    <div className={styles.device}>
      <span className={cx(device.usable ? styles.ok : styles.off)}>
        {device.usable ? <Check /> : <Minus />}
      </span>
      <b>{device.title}</b>
      {device.chosen ? (
        <Badge tone="accent">In use</Badge>
      ) : (
        <span className={styles.figure}>
          {device.usable ? (device.gflops === null ? '' : speed(device)) : 'not usable'}
        </span>
      )}
      <p>
        {device.usable && device.gflops !== null && (
          <span className={styles.figures}>
            {[
              device.adapter,
              device.memoryBytes === null ? null : bytes(device.memoryBytes),
              device.chosen ? speed(device) : null,
              device.stepMs === null ? null : `${device.stepMs.toFixed(1)} ms a step`,
            ]
              .filter((part) => part !== null)
              .join(' · ')}
          </span>
        )}
        {!device.chosen && (
          <span>{device.install === null ? device.reason : withoutCommand(device.reason)}</span>
        )}
      </p>
      {device.install !== null && <InstallCommand command={device.install} />}
    </div>
  );
}

const withoutCommand = (reason: string): string =>
  reason.replace(/ With an NVIDIA GPU, run this command.*$/, '');

/** What a person may run to install what is missing; Zerolabel never does. */
function InstallCommand({ command }: { command: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(command);
    setCopied(true);
  };
  return (
    <div className={styles.install}>
      <span className={styles.installHow}>
        With an NVIDIA card, run this yourself in the folder of Zerolabel:
      </span>
      <code>{command}</code>
      <Button small variant="quiet" onPress={() => void copy()}>
        {copied ? 'Copied' : 'Copy'}
      </Button>
    </div>
  );
}

const speed = (device: Device): string => `${count(Math.round(device.gflops ?? 0))} GFLOP/s`;
