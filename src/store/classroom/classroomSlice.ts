import type { Context } from '../context';
import type { ClassroomSlice } from './classState';

export const classroomSlice = (context: Context): ClassroomSlice => ({
  student: null,
  teacher: null,
  put: (fields) => context.patch('classroom', fields),
});
