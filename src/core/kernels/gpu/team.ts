/**
 * Teams of threads that share one sum, such as the mean of a row. On real cards a team's members add up as a tree,
 * always in the same order: each adds what the member `reach` away has, which it reads from its subgroup where that is
 * near enough, else from workgroup memory, to the same bits. On an emulated card, where waiting is what costs most, a
 * team is one thread.
 *
 *   members   0   1   2   3   4   5   6   7
 *   reach 4   0+4 1+5 2+6 3+7 4+0 5+1 6+2 7+3     memory, one barrier
 *   reach 2   …+2 …+3 …+0 …+1 …+6 …+7 …+4 …+5     subgroups of four threads and more: none
 *   reach 1   every member has the total
 *
 *   rows      neighbours form a team, so that they read neighbouring numbers of one row
 *   columns   neighbours belong to different teams: each team owns a column, its members share out the rows
 */
import type { KernelStyle } from './style';

export interface Team {
  /** threads that share one sum; a power of two */
  members: number;
  /** sums per workgroup */
  teams: number;
  formation: 'rows' | 'columns';
  /** neighbours that read each other's numbers without memory */
  subgroup: number;
}

/** a team whose members are neighbours */
export const teamOf = (members: number, teams: number, { subgroup }: KernelStyle): Team => ({
  members,
  teams,
  formation: 'rows',
  subgroup,
});

const THREADS = 64;
/** threads of a workgroup that never wait for each other */
const LONE_THREADS = 16;
/** of a workgroup */
const COLUMNS = 16;

const powerBelow = (count: number): number => 2 ** Math.floor(Math.log2(count));

/** @param units numbers, or vectors of four, that a row has */
export function rowTeam(units: number, style: KernelStyle): Team {
  const members = style.alone ? 1 : Math.min(THREADS, powerBelow(units));
  return teamOf(members, style.alone ? LONE_THREADS : THREADS / members, style);
}

/** one column for each team; its rows are shared out among the members */
export const columnTeam = ({ alone, subgroup }: KernelStyle): Team => ({
  members: alone ? 1 : 8,
  teams: COLUMNS,
  formation: 'columns',
  subgroup,
});

export const threadsOf = ({ members, teams }: Team): number => members * teams;

export const groupsFor = (sums: number, { teams }: Team): number => Math.ceil(sums / teams);

type Value = 'f32' | 'vec2<f32>' | 'vec4<f32>';

/** how far the partner of a member is at each level of the tree, in threads */
function distancesOf({ members, teams, formation }: Team): number[] {
  const stride = formation === 'rows' ? 1 : teams;
  return Array.from({ length: Math.log2(members) }, (_, level) => (members / 2 ** (level + 1)) * stride);
}

/**
 * `name(value, thread)`: every member gets the value of the whole team. All threads of a workgroup must call it
 * together. Levels that go through memory write into either half of it in turn, so that a barrier each is enough.
 */
function reduction(team: Team, name: string, type: Value, join: (a: string, b: string) => string): string {
  if (team.members === 1) return `fn ${name}(value : ${type}, thread : u32) -> ${type} { return value; }`;
  const threads = threadsOf(team);
  const far = distancesOf(team).filter((distance) => distance >= team.subgroup);
  const near = distancesOf(team).filter((distance) => distance < team.subgroup);
  const throughMemory = (distance: number, level: number): string => `
  ${name}Shares[${(level % 2) * threads}u + thread] = sum;
  workgroupBarrier();
  sum = ${join('sum', `${name}Shares[${(level % 2) * threads}u + (thread ^ ${distance}u)]`)};`;
  const within = (distance: number): string => `
  sum = ${join('sum', `subgroupShuffleXor(sum, ${distance}u)`)};`;
  const memory = `var<workgroup> ${name}Shares : array<${type}, ${2 * threads}>;`;
  return `${far.length > 0 ? memory : ''}
fn ${name}(value : ${type}, thread : u32) -> ${type} {
  var sum = value;${far.length > 0 ? '\n  workgroupBarrier();' : ''}${far.map(throughMemory).join('')}${near.map(within).join('')}
  return sum;
}`;
}

/** WGSL function `total` over the members of a team. */
export const totalOf = (team: Team, type: Value = 'f32'): string =>
  reduction(team, 'total', type, (a, b) => `${a} + ${b}`);

/** WGSL function `largest` over the members of a team. */
export const largestOf = (team: Team): string => reduction(team, 'largest', 'f32', (a, b) => `max(${a}, ${b})`);

/** WGSL constants MEMBERS and TEAMS, `memberOf(thread)` and `teamOf(thread)`. */
export function teamHead({ members, teams, formation }: Team): string {
  const [member, team] = formation === 'rows' ? ['%', '/'] : ['/', '%'];
  const by = formation === 'rows' ? 'MEMBERS' : 'TEAMS';
  return `
const MEMBERS = ${members}u;
const TEAMS = ${teams}u;
fn memberOf(thread : u32) -> u32 { return thread ${member} ${by}; }
fn teamOf(thread : u32) -> u32 { return thread ${team} ${by}; }`;
}

/** Head of a `main` whose workgroups stand in a folded line; its body reads `group` and `thread`. */
export const mainHead = (threads: number): string => `
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) id : vec3<u32>, @builtin(num_workgroups) groups : vec3<u32>, @builtin(local_invocation_index) thread : u32) {
  let group = id.x + id.y * groups.x;`;

/** Rows are read four numbers at a time where their length allows it. */
export interface Units {
  type: 'f32' | 'vec4<f32>';
  /** per row */
  count: number;
}

export const unitsOf = (width: number): Units =>
  width % 4 === 0 ? { type: 'vec4<f32>', count: width / 4 } : { type: 'f32', count: width };

/** WGSL: type Unit, UNITS per row, WIDTH, and `added(unit)`, the sum of a unit's numbers. */
export function unitHead(width: number): string {
  const { type, count } = unitsOf(width);
  return `
alias Unit = ${type};
const UNITS = ${count}u;
const WIDTH = ${width}.0;
fn added(unit : Unit) -> f32 { return ${type === 'f32' ? 'unit' : 'dot(unit, vec4<f32>(1.0))'}; }`;
}

/**
 * The rule for gradients of parameters, WGSL: writes `fresh`, or adds it to what is there. What is there may be
 * anything when it is replaced, so it is not multiplied by 0.
 * @param add always adds: something else in the same backward pass has written before
 */
export const writeGradient = (element: string, fresh: string, add = false): string =>
  add
    ? `${element} += ${fresh};`
    : `if (step.accumulate > 0.0) { ${element} += ${fresh}; } else { ${element} = ${fresh}; }`;
