// The one icon set. Role: the icons the product uses, 16 px box, 1.5 px stroke, and the logo mark.
// Limits: icons are decoration (hidden from screen readers); whoever uses one alone gives the control a name.
import {
  ArrowUpDown,
  CircleHelp,
  CircleStop,
  Dice5,
  Ellipsis,
  Activity as LActivity,
  LayoutGrid,
  Check as LCheck,
  ChevronDown as LChevronDown,
  ChevronLeft as LChevronLeft,
  ChevronRight as LChevronRight,
  Clock as LClock,
  Contrast as LContrast,
  Copy as LCopy,
  Cpu as LCpu,
  Download as LDownload,
  Eye as LEye,
  FastForward as LFastForward,
  File as LFile,
  Film as LFilm,
  ListFilter as LFilter,
  Folder as LFolder,
  FolderOpen as LFolderOpen,
  History as LHistory,
  Info as LInfo,
  Keyboard as LKeyboard,
  Layers as LLayers,
  List as LList,
  LocateFixed as LLocate,
  Lock as LLock,
  Magnet as LMagnet,
  Maximize as LMaximize,
  Minus as LMinus,
  NotebookPen as LNote,
  Pause as LPause,
  Pencil as LPencil,
  Play as LPlay,
  Plus as LPlus,
  Ruler as LRuler,
  Search as LSearch,
  Settings as LSettings,
  Table2 as LTable,
  Tag as LTag,
  Upload as LUpload,
  Users as LUsers,
  type LucideIcon,
  Video as LVideo,
  X as LX,
  Redo2,
  Repeat,
  RotateCw,
  Scissors,
  ShieldCheck,
  SkipBack,
  SkipForward,
  SlidersHorizontal,
  Trash2,
  TriangleAlert,
  Undo2,
} from 'lucide-react';

export interface IconProps {
  /** 16 by default, 14 in small buttons, 12 in badges. */
  size?: 12 | 14 | 16 | 20;
  className?: string;
}

const icon = (Glyph: LucideIcon) =>
  function Icon({ size = 16, className }: IconProps) {
    return (
      <Glyph
        size={size}
        strokeWidth={size === 12 ? 1.25 : 1.5}
        absoluteStrokeWidth
        className={className}
        aria-hidden="true"
        focusable="false"
      />
    );
  };

export const Activity = icon(LActivity);
export const Filter = icon(LFilter);
export const History = icon(LHistory);
export const Note = icon(LNote);
export const People = icon(LUsers);
export const Probe = icon(LLocate);
export const Table = icon(LTable);
export const Again = icon(RotateCw);
export const Check = icon(LCheck);
export const ChevronDown = icon(LChevronDown);
export const ChevronLeft = icon(LChevronLeft);
export const ChevronRight = icon(LChevronRight);
export const Clock = icon(LClock);
export const Contrast = icon(LContrast);
export const Copy = icon(LCopy);
export const Cross = icon(LX);
export const Device = icon(LCpu);
export const Dice = icon(Dice5);
export const Download = icon(LDownload);
export const Eye = icon(LEye);
export const File = icon(LFile);
export const Film = icon(LFilm);
export const Folder = icon(LFolder);
export const FolderOpen = icon(LFolderOpen);
export const Grid = icon(LayoutGrid);
export const Help = icon(CircleHelp);
export const Info = icon(LInfo);
export const Camera = icon(LVideo);
export const Tag = icon(LTag);
export const Keyboard = icon(LKeyboard);
export const Lanes = icon(LLayers);
export const Fast = icon(LFastForward);
export const Full = icon(LMaximize);
export const List = icon(LList);
export const Lock = icon(LLock);
export const Loop = icon(Repeat);
export const Magnet = icon(LMagnet);
export const Minus = icon(LMinus);
export const More = icon(Ellipsis);
export const Pause = icon(LPause);
export const Pencil = icon(LPencil);
export const Play = icon(LPlay);
export const Plus = icon(LPlus);
export const Redo = icon(Redo2);
export const Ruler = icon(LRuler);
export const Search = icon(LSearch);
export const Settings = icon(LSettings);
export const Shield = icon(ShieldCheck);
export const Sliders = icon(SlidersHorizontal);
export const Sort = icon(ArrowUpDown);
export const Split = icon(Scissors);
export const Stop = icon(CircleStop);
export const Trash = icon(Trash2);
export const ToEnd = icon(SkipForward);
export const ToStart = icon(SkipBack);
export const Undo = icon(Undo2);
export const Upload = icon(LUpload);
export const Warning = icon(TriangleAlert);

/** Our mark: a zero with the step of a score curve through it. */
export function Mark({ size = 18 }: { size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 18 18"
      fill="none"
      strokeWidth="2"
      aria-hidden="true"
      focusable="false"
    >
      <rect x="3.5" y="1.5" width="11" height="15" rx="5.5" stroke="currentColor" />
      <path d="M1.5 11.5h4.2v-3h6.6v-3h4.2" stroke="var(--model)" strokeLinejoin="round" />
    </svg>
  );
}
