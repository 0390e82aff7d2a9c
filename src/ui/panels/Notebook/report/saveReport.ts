import type { Lesson } from '../../../../contract/lesson';
import { gameOf } from '../../../../store/arena/game';
import { classroomOf } from '../../../../store/classroom/classroom';
import type { Lab } from '../../../../store/lab';
import { reportMarkup } from './markup';
import { type Measured, reportOf } from './reportOf';

/** asks for what a report needs and the page may not have asked for yet */
async function measured(lab: Lab): Promise<Omit<Measured, 'lessons'>> {
  const { classroom, arena } = lab.getState();
  const [taught, game] = [classroomOf(lab), gameOf(lab)];
  if (classroom.teacher) await taught.getState().measure();
  if (arena.duels.length > 0) await game.getState().rate();
  return {
    agreement: classroom.teacher ? (taught.getState().standing?.report ?? null) : null,
    ratings: arena.duels.length > 0 ? game.getState().ratings : null,
  };
}

/** Hands the visitor a report of the lab as it stands. */
export async function saveReport(lab: Lab, title: string, lessons: readonly Lesson[] = []): Promise<void> {
  const found = { ...(await measured(lab)), lessons };
  const markup = reportMarkup(reportOf(lab.getState(), found, title, lab.today(), location.href.split(/[?#]/, 1)[0]!));
  const day = new Date(lab.today()).toISOString().slice(0, 10);
  lab.saveFile(`report-${day}.html`, markup, 'text/html');
}
