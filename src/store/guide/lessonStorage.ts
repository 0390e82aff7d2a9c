import { memoryStorage } from '../persistence/memoryStorage';
import type { LabStorage } from '../persistence/storage';

/** A storage beside the lab's, by its name. */
export interface Beside {
  storageBeside(name: string): LabStorage;
  vault: { readonly isElsewhere: boolean };
}

/** where a lesson's own lab outlives its page; in a tab that does not own the lab nothing does */
export const lessonStorage = ({ storageBeside, vault }: Beside, lessonId: string): LabStorage =>
  vault.isElsewhere ? memoryStorage() : storageBeside(`lesson-${lessonId}`);

/** what a lesson had made is gone */
export async function clearLessonStorage(beside: Beside, lessonId: string): Promise<void> {
  const storage = lessonStorage(beside, lessonId);
  await storage.clear();
  storage.close();
}
