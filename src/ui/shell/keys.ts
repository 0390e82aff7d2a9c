/**
 * All keys of the lab, by place. The innermost place that has the focus wins: field, widget, open question, drawer,
 * stage; a screen takes them all. Groups of one place never hold at once, except with the group that they stand `beside`.
 *
 * What listens to keys names its group and can bind no other key: the compiler reads the types below, so that the words
 * of the table come with the help alone.
 */
export interface KeyGroup {
  where: string;
  place: 'field' | 'widget' | 'drawer' | 'stage' | 'screen';
  /** the group of the same place that holds at the same time */
  beside?: string;
  keys: readonly Key[];
}
interface Key<Code extends string = string> {
  /** in the notation of tinykeys; none where a button hears its own */
  codes: readonly Code[];
  /** as it is printed */
  shown: string;
  does: string;
}

/** each word of a text */
type WordsOf<Text extends string> = Text extends `${infer First} ${infer Rest}` ? First | WordsOf<Rest> : Text;

const key = <const Codes extends string>(codes: Codes, shown: string, does: string): Key<WordsOf<Codes>> => ({
  codes: codes.split(' ') as WordsOf<Codes>[],
  shown,
  does,
});
const ownKey = (shown: string, does: string): Key<never> => ({ codes: [], shown, does });

const ARROWS = 'ArrowLeft ArrowRight ArrowUp ArrowDown';

const TABLE = [
  {
    where: 'Training stages',
    place: 'stage',
    beside: 'Everywhere',
    keys: [
      key('Space', 'Space', 'Train or pause'),
      key('.', '.', 'One step; in PPO one phase'),
      key('r', 'R', 'Start over, after asking'),
    ],
  },
  {
    where: 'Compare',
    place: 'stage',
    beside: 'Everywhere',
    keys: [
      key('1 ArrowLeft', '1 or ←', 'A is better'),
      key('2 ArrowRight', '2 or →', 'B is better'),
      key('ArrowUp t', '↑ or T', 'Tie'),
      key('ArrowDown b', '↓ or B', 'Both bad'),
      key('s', 'S', 'Skip'),
      key('u $mod+z', 'U', 'Undo the last vote'),
    ],
  },
  {
    where: 'Arena, who beats whom',
    place: 'widget',
    keys: [key(ARROWS, '← → ↑ ↓', 'Move from cell to cell')],
  },
  {
    where: 'Compare, rankings',
    place: 'stage',
    beside: 'Everywhere',
    keys: [
      key('ArrowUp ArrowDown', '↑ ↓', 'Choose a row'),
      ownKey('Space, then ↑ ↓', 'Pick it up and move it'),
      key('Shift+ArrowUp Shift+ArrowDown', 'Shift ↑ ↓', 'Move it at once'),
      key('1 2 3 4 5 6 7 8 9', '1 – 9', 'Put it at that place'),
      key('t =', 'T', 'Tie with the one above'),
      key('r', 'R', 'Save the ranking'),
      key('s', 'S', 'Skip'),
      key('u $mod+z', 'U', 'Undo the last ranking'),
      key('Escape', 'Esc', 'Let go of the row'),
    ],
  },
  {
    where: 'Inspect',
    place: 'drawer',
    keys: [key('f', 'F', 'Widen to the whole page, narrow again')],
  },
  {
    where: 'Inspect, Arithmetic',
    place: 'drawer',
    beside: 'Inspect',
    keys: [
      key('ArrowLeft ArrowRight', '← →', 'Previous and next step'),
      key('1 2 3 4 5', '1 – 5', 'That step'),
      key('Space', 'Space', 'Play the steps'),
      key('ArrowUp ArrowDown', '↑ ↓', 'Choose a row; Tab goes to its numbers'),
      key('Escape', 'Esc', 'Let go of the number'),
    ],
  },
  {
    where: 'Inspect, words of the text',
    place: 'widget',
    keys: [
      key('ArrowLeft ArrowRight', '← →', 'The word before, the next'),
      key('Home End', 'Home End', 'The first, the last'),
    ],
  },
  {
    where: 'Inspect, Layers',
    place: 'drawer',
    beside: 'Inspect',
    keys: [key('0', '0', 'All heads on')],
  },
  {
    where: 'Inspect, Words',
    place: 'drawer',
    beside: 'Inspect',
    keys: [key('0', '0', 'Show the whole map')],
  },
  {
    where: 'Inspect, map of the words',
    place: 'widget',
    keys: [key(ARROWS, '← → ↑ ↓', 'Move the map'), key('+ = - 0', '+ − 0', 'Enlarge, reduce, show all of it')],
  },
  {
    where: 'Inspect, heads',
    place: 'widget',
    keys: [key(ARROWS, '← → ↑ ↓', 'Go from head to head'), ownKey('Space', 'Choose it, switch it off or on')],
  },
  {
    where: 'Inspect, a strip of numbers',
    place: 'widget',
    keys: [
      key('ArrowLeft ArrowRight', '← →', 'The number before, the next'),
      key('PageUp PageDown', 'PgUp PgDn', 'Eight on, eight back'),
      key('Home End', 'Home End', 'The first, the last'),
    ],
  },
  {
    where: 'Inspect, Before and after',
    place: 'drawer',
    beside: 'Inspect',
    keys: [key('x', 'X', 'Swap the two models'), key('n', 'N', 'Next largest change')],
  },
  {
    where: 'In numbers',
    place: 'drawer',
    keys: [
      key('.', '.', 'One phase'),
      key('Space', 'Space', 'Run on'),
      key('ArrowLeft ArrowRight', '← →', 'The token before, the next'),
      key('ArrowUp ArrowDown', '↑ ↓', 'The text or pair before, the next'),
    ],
  },
  {
    where: 'Charts and attention',
    place: 'widget',
    keys: [
      key(ARROWS, '← → ↑ ↓', 'Move the crosshair or the cell'),
      key('Home End', 'Home End', 'The first of the row, the last'),
      ownKey('Enter', 'Hold the cell'),
      key('+ = - 0', '+ − 0', 'Enlarge or reduce the map, show all of it'),
      key('Escape', 'Esc', 'Let go; close what is open'),
    ],
  },
  {
    where: 'Grid world',
    place: 'stage',
    beside: 'Everywhere',
    keys: [
      key('e 1 2 3 4', 'E', 'Edit: 1 wall, 2 fish, 3 dog, 4 cat'),
      key('w', 'W', 'A new walk'),
      key('s', 'S', 'One sweep'),
      key('Space . r', 'Space . R', 'Play or train, one step, start over'),
      key('PageUp PageDown', 'PgUp PgDn', 'The part before, the next'),
    ],
  },
  {
    where: 'Grid world, cells',
    place: 'widget',
    keys: [key(ARROWS, '← → ↑ ↓', 'Move from cell to cell')],
  },
  {
    where: 'Class',
    place: 'stage',
    beside: 'Everywhere',
    keys: [key('s', 'S', 'Scan codes by camera, or stop')],
  },
  {
    where: 'Class, pairs',
    place: 'widget',
    keys: [
      key('ArrowUp ArrowDown', '↑ ↓', 'The pair before, the next'),
      key('Home End', 'Home End', 'The first, the last'),
    ],
  },
  {
    where: 'Translate',
    place: 'stage',
    beside: 'Training stages',
    keys: [key('c', 'C', 'Cut cross-attention, or let it through')],
  },
  {
    where: 'Translate, attention',
    place: 'widget',
    keys: [
      key(ARROWS, '← → ↑ ↓', 'Move from cell to cell of the attention'),
      key('Escape', 'Esc', 'Let go of the cell'),
    ],
  },
  {
    where: 'Lesson',
    place: 'stage',
    beside: 'Everywhere',
    keys: [
      key('1 2 3 4 5 6 7 8 9', '1 – 9', 'Answer the question'),
      key('PageDown', 'PgDn', 'The next step, once this one is done'),
      key('PageUp', 'PgUp', 'The step before'),
      key('Escape', 'Esc', 'Leave the lesson; it is kept'),
    ],
  },
  {
    where: 'Lessons',
    place: 'widget',
    keys: [key(ARROWS, '← → ↑ ↓', 'Move from lesson to lesson'), ownKey('Enter', 'Open it')],
  },
  {
    where: 'Recorded runs',
    place: 'stage',
    beside: 'Everywhere',
    keys: [
      key('Space', 'Space', 'Play or pause'),
      key('.', '.', 'The next step'),
      key('[ ]', '[ ]', 'Slower, faster'),
      key('l', 'L', 'Fork into a live run'),
    ],
  },
  {
    where: 'Everywhere',
    place: 'stage',
    keys: [
      key('i', 'I', 'Inspect: look into any model'),
      key('m', 'M', 'Checkpoints: all models as a family'),
      key('p', 'P', 'Presenter: one idea a screen, for a room'),
      key('? Shift+?', '?', 'This list'),
    ],
  },
  {
    where: 'Presenter',
    place: 'screen',
    keys: [
      key('PageDown ArrowRight ArrowDown Enter', 'PgDn → ↓', 'Forward'),
      key('PageUp ArrowLeft ArrowUp', 'PgUp ← ↑', 'Back'),
      key('Home End', 'Home End', 'The first, the last'),
      key('b .', 'B or .', 'Black, and back'),
      key('w ,', 'W', 'White, and back'),
      key('f', 'F', 'Freeze the picture, the run goes on'),
      key('o', 'O', 'A pointer that can be seen; arrows move it'),
      key('n', 'N', 'Notes in a window of their own'),
      key('Space', 'Space', 'Train or pause what the screen shows'),
      key('r', 'R', 'A recorded run instead of the live one, and back'),
      key('1 2', '1 2', 'The room prefers A, B'),
      key('F5', 'F5', 'The whole screen of the machine, and back'),
      key('Escape', 'Esc', 'Leave'),
    ],
  },
  {
    where: 'Checkpoints',
    place: 'drawer',
    keys: [key('$mod+z', 'Ctrl-Z', 'Put back what was deleted last')],
  },
  {
    where: 'Checkpoints, the family',
    place: 'widget',
    keys: [
      key(ARROWS, '← → ↑ ↓', 'Go through the family; fold, unfold'),
      key('Home End', 'Home End', 'The first, the last'),
      key('F2', 'F2', 'Rename'),
      key('Delete', 'Delete', 'Delete, with an undo'),
    ],
  },
  {
    where: 'Menu Teach',
    place: 'widget',
    keys: [
      key('ArrowUp ArrowDown', '↑ ↓', 'Open it; the entry before, the next'),
      key('Home End', 'Home End', 'The first, the last'),
      key('Space', 'Space', 'Open that page'),
      key('Escape', 'Esc', 'Close it'),
    ],
  },
  {
    where: 'A field',
    place: 'field',
    keys: [key('Enter', 'Enter', 'Take what is typed'), key('Escape', 'Esc', 'Keep the old name of a model')],
  },
] as const satisfies readonly KeyGroup[];

export const KEYS: readonly KeyGroup[] = TABLE;

type Group = (typeof TABLE)[number];
/** the names of all groups of a place */
export type GroupIn<Place extends KeyGroup['place']> = Extract<Group, { place: Place }>['where'];
/** the codes of a group */
export type CodeOf<Where extends Group['where']> = Extract<Group, { where: Where }>['keys'][number]['codes'][number];
