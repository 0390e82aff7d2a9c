/** under which a step's two runs are remembered */
export const runName = (lessonId: string, stepId: string): string => `${lessonId}/${stepId}`;

export const isOfGuide = (name: string): boolean => name.includes('/');
