import type { Context } from '../context';
import type { GuideSlice } from './guideState';
import { lessonOfHash } from './lessonAddress';

export const guideSlice = (context: Context): GuideSlice => ({
  asked: lessonOfHash(context.address.read().hash) ?? '',
  progress: {},
  own: {},
  translations: {},
  language: '',
  put: (fields) => context.patch('guide', fields),
});
