import type { LabStorage } from '../persistence/storage';

/** A storage beside the lab's, by its name. */
export interface Beside {
  storageBeside(name: string): LabStorage;
}

/** where a lesson's own lab outlives its page */
export const lessonStorage = ({ storageBeside }: Beside, lessonId: string): LabStorage =>
  storageBeside(`lesson-${lessonId}`);

/** what a lesson had made is gone */
export async function clearLessonStorage(beside: Beside, lessonId: string): Promise<void> {
  const storage = lessonStorage(beside, lessonId);
  await storage.clear();
  storage.close();
}
