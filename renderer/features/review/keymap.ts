// The keys of the review. Role: one table of chord, name and group; the screen binds functions to names, the sheet on
// `?` shows the table. Limits: these are the keys it comes with; what a person chose instead is in state/bindings.ts.
import { boundChords } from '../../state/bindings.ts';

export const LANE_DIGITS = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

export const KEYMAP = [
  { action: 'toggle', chords: ['space'], group: 'Play', text: 'Play or pause' },
  { action: 'faster', chords: ['l'], group: 'Play', text: 'Forwards; again: faster, up to 16×' },
  { action: 'slower', chords: ['j'], group: 'Play', text: 'Slower, down to 0.1×; from rest backwards' },
  { action: 'stop', chords: ['k'], group: 'Play', text: 'Pause' },
  {
    action: 'loop',
    chords: ['shift+l'],
    group: 'Play',
    text: 'Repeat what is marked or selected, or not',
  },
  {
    action: 'playNext',
    chords: ['shift+k'],
    group: 'Play',
    text: 'Play the next event when going to it, or not',
  },
  { action: 'rateUp', chords: ['ctrl+arrowup'], group: 'Play', text: 'Chosen speed one step up' },
  { action: 'rateDown', chords: ['ctrl+arrowdown'], group: 'Play', text: 'Chosen speed one step down' },
  { action: 'smart', chords: ['w'], group: 'Play', text: 'Smart playback: fast through low scores' },
  { action: 'full', chords: ['f'], group: 'Play', text: 'Large picture, whole screen' },
  { action: 'overlay', chords: ['v'], group: 'Play', text: 'Show or hide what is drawn over the picture' },
  { action: 'frameForward', chords: ['arrowright', '.'], group: 'Move', text: 'One frame forwards' },
  { action: 'frameBack', chords: ['arrowleft', ','], group: 'Move', text: 'One frame back' },
  {
    action: 'segmentForward',
    chords: ['shift+arrowright'],
    group: 'Move',
    text: 'Large step forwards: a segment (16 frames), or as chosen',
  },
  { action: 'segmentBack', chords: ['shift+arrowleft'], group: 'Move', text: 'Large step back' },
  {
    action: 'secondForward',
    chords: ['ctrl+arrowright'],
    group: 'Move',
    text: 'One second forwards, or as chosen',
  },
  { action: 'secondBack', chords: ['ctrl+arrowleft'], group: 'Move', text: 'One second back' },
  {
    action: 'jumpForward',
    chords: ['ctrl+shift+arrowright'],
    group: 'Move',
    text: 'Jump forwards: a minute, or as chosen',
  },
  { action: 'jumpBack', chords: ['ctrl+shift+arrowleft'], group: 'Move', text: 'Jump back' },
  { action: 'steps', chords: ['alt+j'], group: 'Move', text: 'Choose how far steps and jumps go' },
  {
    action: 'boundaryForward',
    chords: ['alt+arrowright'],
    group: 'Move',
    text: 'Next edge of an event, also in the next video',
  },
  {
    action: 'boundaryBack',
    chords: ['alt+arrowleft'],
    group: 'Move',
    text: 'Previous edge of an event, also in the video before',
  },
  { action: 'first', chords: ['home'], group: 'Move', text: 'First frame' },
  { action: 'last', chords: ['end'], group: 'Move', text: 'Last frame' },
  { action: 'goTo', chords: ['g'], group: 'Move', text: 'Go to a frame or time' },
  { action: 'accept', chords: ['a'], group: 'Verdict', text: 'Accept, and on to the next' },
  { action: 'reject', chords: ['x'], group: 'Verdict', text: 'Reject, and on to the next' },
  { action: 'unsure', chords: ['u'], group: 'Verdict', text: 'Unsure, and on to the next' },
  { action: 'editClass', chords: ['e'], group: 'Verdict', text: 'Class; its digit accepts as this class' },
  { action: 'note', chords: ['shift+e'], group: 'Verdict', text: 'Note on the event' },
  { action: 'undo', chords: ['ctrl+z'], group: 'Verdict', text: 'Undo, also after a restart' },
  { action: 'redo', chords: ['ctrl+shift+z', 'ctrl+y'], group: 'Verdict', text: 'Do it again' },
  {
    action: 'nextEvent',
    chords: ['n'],
    group: 'Events',
    text: 'Next event of the queue, also in another video',
  },
  { action: 'previousEvent', chords: ['p'], group: 'Events', text: 'Previous event of the queue' },
  { action: 'skip', chords: ['shift+n'], group: 'Events', text: 'Next event nobody decided on' },
  { action: 'create', chords: ['enter'], group: 'Edit', text: 'Event from what is marked' },
  { action: 'startHere', chords: ['['], group: 'Edit', text: 'The event starts at the playhead' },
  { action: 'endHere', chords: [']'], group: 'Edit', text: 'It ends at the playhead' },
  { action: 'startEarlier', chords: ['alt+['], group: 'Edit', text: 'Start one frame earlier' },
  { action: 'startLater', chords: ['alt+{'], group: 'Edit', text: 'Start one frame later' },
  { action: 'endLater', chords: ['alt+]'], group: 'Edit', text: 'End one frame later' },
  { action: 'endEarlier', chords: ['alt+}'], group: 'Edit', text: 'End one frame earlier' },
  { action: 'split', chords: ['s'], group: 'Edit', text: 'Split at the playhead' },
  { action: 'merge', chords: ['shift+s'], group: 'Edit', text: 'Merge with the next event' },
  { action: 'mergeBack', chords: ['ctrl+shift+s'], group: 'Edit', text: 'Merge with the event before' },
  { action: 'again', chords: ['ctrl+enter'], group: 'Edit', text: 'Send again what could not be saved' },
  { action: 'remove', chords: ['delete'], group: 'Edit', text: 'Take back what a person said or drew' },
  {
    action: 'ignore',
    chords: ['shift+i'],
    group: 'Edit',
    text: 'Ignore what is marked, in labels and metrics',
  },
  {
    action: 'watched',
    chords: ['shift+w'],
    group: 'Edit',
    text: 'All watched: what is not accepted is normal',
  },
  { action: 'markIn', chords: ['i'], group: 'Mark', text: 'In: what is marked starts here' },
  { action: 'markOut', chords: ['o'], group: 'Mark', text: 'Out: it ends here' },
  { action: 'unmark', chords: ['escape'], group: 'Mark', text: 'Forget what is marked' },
  { action: 'snap', chords: ['shift+g'], group: 'Mark', text: 'Edges stick to segments, or not' },
  { action: 'order', chords: ['q'], group: 'Events', text: 'Order of the queue' },
  {
    action: 'refresh',
    chords: ['shift+q'],
    group: 'Events',
    text: 'Order anew, with what was decided since',
  },
  { action: 'budget', chords: ['b'], group: 'Events', text: 'Review budget: minutes, probes, samples' },
  { action: 'filter', chords: ['ctrl+f'], group: 'Events', text: 'Which events are in the queue' },
  { action: 'threshold', chords: ['t'], group: 'Events', text: 'Threshold, shortest event and gap' },
  { action: 'nextRun', chords: ['m'], group: 'Timeline', text: 'Next run as the large lane' },
  {
    action: 'consensus',
    chords: ['shift+m'],
    group: 'Timeline',
    text: 'Consensus of the runs: mean, median, share, by reliability, none',
  },
  {
    action: 'explain',
    chords: ['c'],
    group: 'Timeline',
    text: 'Which runs fired here, when, and how much each counts',
  },
  { action: 'nextVideo', chords: ['pagedown'], group: 'Events', text: 'Next video' },
  { action: 'previousVideo', chords: ['pageup'], group: 'Events', text: 'Previous video' },
  { action: 'zoomIn', chords: ['+', '='], group: 'Timeline', text: 'Zoom in at the playhead' },
  { action: 'zoomOut', chords: ['-'], group: 'Timeline', text: 'Zoom out' },
  { action: 'fit', chords: ['0'], group: 'Timeline', text: 'Show the whole video' },
  { action: 'panBack', chords: ['<'], group: 'Timeline', text: 'Half a view back' },
  { action: 'panForward', chords: ['>'], group: 'Timeline', text: 'Half a view forwards' },
  { action: 'table', chords: ['shift+t'], group: 'Tools', text: 'All events as a table' },
  { action: 'bulk', chords: ['r'], group: 'Tools', text: 'Decide by rule: many events at once' },
  {
    action: 'applyLike',
    chords: ['shift+a'],
    group: 'Tools',
    text: 'Decide alike on all that look like this event',
  },
  { action: 'diff', chords: ['d'], group: 'Tools', text: 'What this run changes' },
  { action: 'history', chords: ['h'], group: 'Tools', text: 'History: who said what' },
  { action: 'second', chords: ['shift+r'], group: 'Tools', text: 'Second review, blind' },
  { action: 'lanes', chords: ['alt+l'], group: 'Lanes', text: 'Choose lanes' },
  ...LANE_DIGITS.map((digit) => ({
    action: `lane${digit}` as const,
    chords: [`alt+${digit}`],
    group: 'Lanes',
    text: `Lane of run ${digit}: show or hide`,
  })),
  { action: 'allRuns', chords: ['alt+0'], group: 'Lanes', text: 'Lanes of all runs: show or hide' },
  {
    action: 'moreRuns',
    chords: ['alt+m'],
    group: 'Lanes',
    text: 'Lanes of more runs, where not all have room',
  },
  { action: 'lanePictures', chords: ['alt+p'], group: 'Lanes', text: 'Lane of pictures: show or hide' },
  { action: 'laneLabels', chords: ['alt+s'], group: 'Lanes', text: 'Lane of pseudo-labels: show or hide' },
  { action: 'laneUncertainty', chords: ['alt+u'], group: 'Lanes', text: 'Lane of uncertainty: show or hide' },
  { action: 'laneHuman', chords: ['alt+h'], group: 'Lanes', text: 'Lane of people: show or hide' },
  { action: 'laneRule', chords: ['alt+r'], group: 'Lanes', text: 'Lane of rules: show or hide' },
  { action: 'laneTruth', chords: ['alt+t'], group: 'Lanes', text: 'Lane of ground truth: show or hide' },
  { action: 'sheet', chords: ['?', 'f1'], group: 'Timeline', text: 'List of keys, to be changed' },
] as const satisfies readonly { action: string; chords: readonly string[]; group: string; text: string }[];

/** What goes on while its key is held down. A verdict or an edit that is to be meant takes a press of its own. */
export const HELD: ReadonlySet<ReviewAction> = new Set<ReviewAction>([
  'frameForward',
  'frameBack',
  'segmentForward',
  'segmentBack',
  'secondForward',
  'secondBack',
  'jumpForward',
  'jumpBack',
  'panForward',
  'panBack',
  'boundaryForward',
  'boundaryBack',
  'nextEvent',
  'previousEvent',
  'nextVideo',
  'previousVideo',
  'startEarlier',
  'startLater',
  'endLater',
  'endEarlier',
  'undo',
  'redo',
  'zoomIn',
  'zoomOut',
]);

export type ReviewAction = (typeof KEYMAP)[number]['action'];
/** Panels that a key opens at their control. */
export type PanelAction = 'threshold' | 'filter' | 'order' | 'budget' | 'lanes' | 'steps';
/** A panel that its control opens and a key too. */
export interface PanelState {
  isOpen: boolean;
  onOpenChange(open: boolean): void;
}
export type ReviewActions = Record<ReviewAction, () => void>;

const ARROWS: Record<string, string> = {
  arrowleft: '←',
  arrowright: '→',
  arrowup: '↑',
  arrowdown: '↓',
  pageup: 'Page Up',
  pagedown: 'Page Down',
};

/** A chord as on the keys: `shift+arrowleft` becomes `Shift ←`. */
export function chordText(chord: string): string {
  return chord
    .split(/\+(?!$)/)
    .map(
      (part) =>
        ARROWS[part] ?? (part.length === 1 ? part.toUpperCase() : part[0].toUpperCase() + part.slice(1)),
    )
    .join(' ');
}

/** The keys of an action now. */
export const chordsOf = (action: ReviewAction): readonly string[] =>
  boundChords(`review.${action}`, KEYMAP.find((key) => key.action === action)?.chords ?? []);

/** The first key of an action, as shown beside its control. */
export function keyOf(action: ReviewAction): string {
  const [chord] = chordsOf(action);
  return chord ? chordText(chord) : '';
}
