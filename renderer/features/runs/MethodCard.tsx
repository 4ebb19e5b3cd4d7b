// A method to choose: name, a drawing of its idea, one plain sentence.
import type { ReactNode } from 'react';
import { Radio } from 'react-aria-components';
import type { MethodInfo, MethodName } from '../../../shared/contract/index.ts';
import styles from './NewRun.module.css';

export function MethodCard({ info }: { info: MethodInfo }) {
  return (
    <Radio value={info.name} className={styles.card}>
      <span className={styles.cardHead}>
        <i className={styles.dot} />
        {info.title}
      </span>
      <svg className={styles.drawing} viewBox="0 0 240 96" aria-hidden="true" focusable="false">
        {DRAWINGS[info.name]}
      </svg>
      <span className={styles.summary}>{info.summary}</span>
    </Radio>
  );
}

const bars = (
  heights: readonly number[],
  x: number,
  foot: number,
  hot: (height: number) => boolean,
): ReactNode =>
  heights.map((height, i) => (
    <rect
      // biome-ignore lint/suspicious/noArrayIndexKey: a fixed drawing
      key={i}
      className={hot(height) ? styles.hot : styles.cold}
      x={x + i * 10}
      y={foot - height}
      width={8}
      height={height}
      rx={1}
    />
  ));

const arrow = (x: number, y: number): ReactNode => (
  <path className={styles.arrow} d={`M${x} ${y}h24m-6 -5 6 5-6 5`} />
);

/** Cell grid with two moving cells, their length as a bar, a line above the crowd. */
const motion = (
  <>
    {Array.from({ length: 12 }, (_, i) => (
      <rect
        // biome-ignore lint/suspicious/noArrayIndexKey: a fixed drawing
        key={i}
        className={i === 5 || i === 6 ? styles.hot : styles.box}
        x={22 + (i % 4) * 18}
        y={14 + Math.floor(i / 4) * 18}
        width={16}
        height={16}
        rx={2}
      />
    ))}
    {arrow(104, 40)}
    {bars([8, 10, 7, 12, 34, 38, 11, 9], 142, 66, (h) => h > 20)}
    <path className={styles.line} d="M138 42h88" />
    <text x="22" y="88">
      Motion per cell
    </text>
    <text x="142" y="88">
      Length is score
    </text>
  </>
);

/** Two groups of videos, then the window of unlikely segments inside one. */
const c2fpl = (
  <>
    <circle className={styles.ring} cx="46" cy="46" r="25" />
    {[
      [36, 38],
      [48, 32],
      [58, 44],
      [40, 54],
      [54, 58],
      [46, 46],
    ].map(([cx, cy]) => (
      <circle key={`${cx} ${cy}`} className={styles.cold} cx={cx} cy={cy} r="3.5" />
    ))}
    <circle className={styles.ringHot} cx="92" cy="30" r="16" />
    {[
      [87, 26],
      [97, 25],
      [91, 36],
    ].map(([cx, cy]) => (
      <circle key={`${cx} ${cy}`} className={styles.hot} cx={cx} cy={cy} r="3.5" />
    ))}
    {arrow(116, 46)}
    {bars([9, 8, 11, 30, 34, 28, 10, 8], 150, 62, (h) => h > 20)}
    <path className={styles.bracket} d="M179 67v5h30v-5" />
    <text x="22" y="90">
      Videos, coarse
    </text>
    <text x="150" y="90">
      Segments, fine
    </text>
  </>
);

/** A vector redrawn through a narrow middle, and the error as the score. */
const ae = (
  <>
    {[
      [22, 44],
      [38, 30],
      [54, 10],
      [70, 30],
      [86, 44],
    ].map(([x, height]) => (
      <rect
        key={x}
        className={height === 10 ? styles.hot : styles.box}
        x={x}
        y={40 - height / 2}
        width={9}
        height={height}
        rx={2}
      />
    ))}
    {arrow(106, 40)}
    {bars([9, 7, 10, 8, 32, 36, 9, 10], 142, 66, (h) => h > 20)}
    <path className={styles.line} d="M138 42h88" />
    <text x="22" y="88">
      Narrow middle
    </text>
    <text x="142" y="88">
      Error is score
    </text>
  </>
);

/** Many similar points, one far from all of them; the distance is the score. */
const rarity = (
  <>
    {[
      [34, 34],
      [44, 28],
      [54, 36],
      [40, 46],
      [50, 50],
      [60, 48],
      [46, 39],
      [32, 54],
      [56, 60],
    ].map(([cx, cy]) => (
      <circle key={`${cx} ${cy}`} className={styles.cold} cx={cx} cy={cy} r="3.5" />
    ))}
    <path className={styles.line} d="M60 36L92 22" />
    <circle className={styles.hot} cx="96" cy="20" r="4" />
    {arrow(112, 40)}
    {bars([8, 10, 9, 7, 35, 30, 11, 8], 148, 66, (h) => h > 20)}
    <text x="22" y="88">
      Far from the rest
    </text>
    <text x="142" y="88">
      Distance is score
    </text>
  </>
);

/** A generator whose errors label for a discriminator, which labels back. */
const gcl = (
  <>
    <path className={styles.box} d="M22 22l44 10v20l-44 10zM110 22l-44 10v20l44 10z" />
    <rect className={styles.box} x="158" y="24" width="60" height="36" rx="4" />
    {bars([7, 9, 22, 8], 169, 54, (h) => h > 20)}
    <path className={styles.arrow} d="M112 34c14 -11 28 -11 42 -2m-7 -4 7 4-7 4" />
    <path className={styles.arrow} d="M156 54c-14 10 -28 10 -42 1m6 -5 -6 5 6 5" />
    <text x="22" y="88">
      Generator
    </text>
    <text x="158" y="88">
      Discriminator
    </text>
  </>
);

/** Two heads, their labels with whiskers of uncertainty, and the certain ones that go on. */
const cu = (
  <>
    {[20, 46].map((y, head) => (
      <g key={y}>
        <rect className={styles.box} x="22" y={y} width="52" height="20" rx="3" />
        <text x="30" y={y + 14}>
          Head {head + 1}
        </text>
      </g>
    ))}
    {arrow(80, 44)}
    {bars([8, 26, 30, 11, 22, 7], 114, 62, (h) => h > 20)}
    {[
      [118, 50, 58],
      [128, 20, 52],
      [138, 29, 35],
      [148, 46, 56],
      [158, 26, 54],
      [168, 53, 57],
    ].map(([x, top, foot]) => (
      <path key={x} className={styles.arrow} d={`M${x} ${top}V${foot}`} />
    ))}
    <path className={styles.bracket} d="M134 66v5h18v-5" />
    {arrow(178, 44)}
    <circle className={styles.box} cx="218" cy="44" r="11" />
    <path className={styles.arrow} d="M213 44l4 4 6-8" />
    <text x="22" y="88">
      Complete
    </text>
    <text x="114" y="88">
      Keep the certain
    </text>
  </>
);

/** Two models that hand labels to each other, and the threshold that falls from module to module. */
const wocc = (
  <>
    <rect className={styles.box} x="22" y="12" width="64" height="22" rx="4" />
    <rect className={styles.box} x="22" y="48" width="64" height="22" rx="4" />
    <text x="30" y="27">
      One class
    </text>
    <text x="30" y="63">
      Weak
    </text>
    <path className={styles.arrow} d="M88 23c13 8 13 26 2 34m1-8-2 8 8-1" />
    <path className={styles.arrow} d="M20 59c-13 -8 -13 -26 -2 -34m-1 8 2-8-8 1" />
    {arrow(112, 42)}
    <path className={styles.line} d="M146 18h20v22h20v12h20v4h20" />
    {bars([8, 10, 7, 9, 26, 24, 9], 148, 74, (h) => h > 20)}
    <text x="22" y="88">
      Label each other
    </text>
    <text x="148" y="88">
      T falls
    </text>
  </>
);

/** Near and far in time joined into one, and the segments with the longest features. */
const rtfm = (
  <>
    {[20, 36, 52, 68, 84].map((x) => (
      <circle key={x} className={styles.cold} cx={x} cy={60} r="3.5" />
    ))}
    <path className={styles.arrow} d="M36 56L52 26L68 56M20 56L52 26L84 56M52 56V26" />
    <circle className={styles.hot} cx="52" cy="20" r="5" />
    {arrow(104, 42)}
    {bars([9, 7, 30, 36, 28, 8, 10, 9], 142, 66, (h) => h > 20)}
    <text x="14" y="88">
      Near and far in time
    </text>
    <text x="142" y="88">
      Longest count
    </text>
  </>
);

/** Two bags; the highest of one is to be above the highest of the other. */
const sultani = (
  <>
    <rect className={styles.ringHot} x="20" y="10" width="84" height="58" rx="6" />
    {bars([10, 12, 40, 14, 9, 11], 32, 62, (h) => h > 20)}
    <rect className={styles.ring} x="142" y="10" width="84" height="58" rx="6" />
    {bars([9, 12, 10, 15, 8, 11], 154, 62, (h) => h > 20)}
    <path className={styles.line} d="M106 24h34" />
    {arrow(112, 46)}
    <text x="20" y="88">
      Anomalous video
    </text>
    <text x="142" y="88">
      Normal video
    </text>
  </>
);

const DRAWINGS: Record<MethodName, ReactNode> = {
  motion,
  c2fpl,
  ae,
  rarity,
  gcl,
  cu,
  'wocc-ws': wocc,
  rtfm,
  sultani,
};
