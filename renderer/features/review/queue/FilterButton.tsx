// Which events are in the queue. Role: what was said, class, path, cameras, tags, score and length, in a popover.
// Limits: a filter changes what is shown, never what is labelled.
import { useMemo } from 'react';
import type { QueueFilter, VideoRow } from '../../../../shared/contract/index.ts';
import { Chip } from '../../../components/Badge.tsx';
import { Button, IconButton } from '../../../components/Button.tsx';
import { Filter, Search } from '../../../components/icons.tsx';
import { Popover } from '../../../components/Menu.tsx';
import { TextField } from '../../../components/TextField.tsx';
import { Switch } from '../../../components/Toggle.tsx';
import { count, plural } from '../../../format.ts';
import { useCall } from '../../../state/queries.ts';
import { namesOf } from '../../library/rows.ts';
import { keyOf } from '../keymap.ts';
import { FilterBounds } from './FilterBounds.tsx';
import styles from './FilterButton.module.css';
import { NameChips, toggled } from './NameChips.tsx';
import { filtersOn, NO_FILTER, SAID } from './orders.ts';
import type { QueueView } from './use-queue.ts';

export interface FilterButtonProps {
  view: QueueView;
  videos: readonly VideoRow[];
  isOpen: boolean;
  onOpenChange(open: boolean): void;
}

export function FilterButton({ view, videos, isOpen, onOpenChange }: FilterButtonProps) {
  const on = filtersOn(view.settings.filter);
  return (
    <Popover
      label="Filter"
      placement="bottom start"
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      trigger={
        <IconButton
          small
          label={on === 0 ? 'Filter' : `Filter, ${plural(on, 'condition')} on`}
          kbd={keyOf('filter')}
          icon={<Filter size={14} />}
          on={on > 0}
        />
      }
    >
      <FilterFields view={view} videos={videos} />
    </Popover>
  );
}

const cameraOf = ({ camera }: VideoRow): string[] => (camera === null ? [] : [camera]);
const tagsOf = ({ tags }: VideoRow): readonly string[] => tags;

function FilterFields({ view, videos }: { view: QueueView; videos: readonly VideoRow[] }) {
  const { settings, queue } = view;
  const { filter } = settings;
  const classes = useCall('review.classes', {}).data ?? [];
  const cameras = useMemo(() => namesOf(videos, cameraOf), [videos]);
  const tags = useMemo(() => namesOf(videos, tagsOf), [videos]);
  const change = (part: Partial<QueueFilter>): void => view.change({ filter: { ...filter, ...part } });
  return (
    <div className={styles.fields}>
      <fieldset className={styles.group}>
        <legend>Said so far</legend>
        <div className={styles.chips}>
          {SAID.map(({ value, label }) => (
            <Chip
              key={value}
              selected={filter.said.includes(value)}
              onChange={(on) => change({ said: toggled(filter.said, value, on) })}
            >
              {label}
            </Chip>
          ))}
        </div>
      </fieldset>
      {classes.length > 0 && (
        <fieldset className={styles.group}>
          <legend>Class</legend>
          <div className={styles.chips}>
            {classes.map(({ name }) => (
              <Chip
                key={name}
                selected={filter.class === name}
                onChange={(on) => change({ class: on ? name : null })}
              >
                {name}
              </Chip>
            ))}
          </div>
        </fieldset>
      )}
      {cameras.length > 0 && (
        <fieldset className={styles.group}>
          <legend>Camera</legend>
          <NameChips
            what="cameras"
            names={cameras}
            chosen={filter.cameras}
            onChange={(chosen) => change({ cameras: chosen })}
          />
          <Switch apart isSelected={settings.perCamera} onChange={(perCamera) => view.change({ perCamera })}>
            <span title="Each score beside the usual level and spread of its own camera, in list and timeline, so that a noisy camera does not fill the queue. Labels and exports go by the scores as they are.">
              Scores per camera
            </span>
          </Switch>
        </fieldset>
      )}
      {tags.length > 0 && (
        <fieldset className={styles.group}>
          <legend>Tags</legend>
          <NameChips
            what="tags"
            names={tags}
            chosen={filter.tags}
            onChange={(chosen) => change({ tags: chosen })}
          />
        </fieldset>
      )}
      <TextField
        label="Path"
        icon={<Search size={14} />}
        value={filter.path}
        placeholder="part of it, or day1/*.mp4"
        onChange={(path) => change({ path })}
      />
      <FilterBounds filter={filter} onChange={change} />
      <div className={styles.foot}>
        <span>
          {queue ? `${count(queue.total)} of ${count(queue.human + queue.rule + queue.open)} events` : ''}
          {queue && queue.ignored > 0 && `, ${count(queue.ignored)} ignored`}
        </span>
        <Button small isDisabled={filtersOn(filter) === 0} onPress={() => view.change({ filter: NO_FILTER })}>
          Show all
        </Button>
      </div>
    </div>
  );
}
