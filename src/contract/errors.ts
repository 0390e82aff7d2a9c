/**
 * Trouble a visitor can meet: each code has a cause and a next step. Bugs are not in this list; they stay ordinary
 * errors.
 */
export const LAB_ERRORS = {
  'webgpu/missing': {
    title: 'No WebGPU here',
    next: 'The lab goes on with a slower path. Chrome or Edge 113+, Safari 26+ and Firefox 141+ have WebGPU.',
  },
  'webgpu/lost': {
    title: 'The graphics device was lost',
    next: 'The lab reopened on another path from the last checkpoint. Press Train to go on.',
  },
  'engine/outOfMemory': {
    title: 'Out of memory',
    next: 'Choose a smaller preset, batch or context, then train again.',
  },
  'engine/crashed': {
    title: 'The computing thread stopped',
    next: 'Press Restart: votes, curves and the last checkpoint are stored.',
  },
  'engine/executor': {
    title: 'The fused executor stopped',
    next: 'The lab goes on with the portable one, slower, from the last checkpoint. Press Train to go on.',
  },
  'engine/backend': {
    title: 'That backend does not start here',
    next: 'Remove ?backend= from the address, or choose another one.',
  },
  'run/nonFinite': {
    title: 'A number became infinite or undefined',
    next: 'Go back to the last good checkpoint with a lower learning rate.',
  },
  'run/klCeiling': {
    title: 'The policy ran too far from the reference',
    next: 'Raise the KL coefficient or lower the learning rate, then reset and train again.',
  },
  'work/cancelled': { title: 'Cancelled', next: 'Everything is as it was before.' },
  'run/missingInput': { title: 'Something upstream is missing', next: 'Finish the stage named below first.' },
  'run/sameTexts': {
    title: 'This model repeats itself',
    next: 'Raise the temperature under Next token in Inspect, or choose another model in Checkpoints.',
  },
  'run/votes': {
    title: 'Some votes cannot be used',
    next: 'Choose the model whose texts they are about, or vote on texts of this one and remove the others.',
  },
  'run/tooFewVotes': { title: 'Too few votes', next: 'Vote on more pairs, or add simulated votes.' },
  'run/tooFewDemonstrations': {
    title: 'Too few demonstrations',
    next: 'Add demonstrations on Fine-tune: written there, or from a file.',
  },
  'text/empty': { title: 'The text is empty', next: 'Paste or open a text with at least a few sentences.' },
  'text/tooShort': { title: 'The text is too short', next: 'Use a longer text or a shorter context.' },
  'text/tooLong': { title: 'The text is too long', next: 'Cut it into parts and take one of them.' },
  'text/notUtf8': { title: 'The file is not UTF-8 text', next: 'Save it as UTF-8 and open it again.' },
  'text/noText': {
    title: 'The file is no text',
    next: 'Open a file of plain text, or what is in this one saved as plain text.',
  },
  'opinions/full': {
    title: 'There is no room for all of them',
    next: 'Export what you want to keep, clear some, and add the rest.',
  },
  'class/arithmetic': {
    title: 'This browser cannot write the pairs of a class',
    next: 'Take the pairs from a file that the teacher saved.',
  },
  'class/pairs': {
    title: 'These are not the pairs of the class',
    next: 'Take the pairs from a file that the teacher saved.',
  },
  'file/class': { title: 'That file of a class cannot be read', next: 'Open one that was saved on the page Class.' },
  'file/known': { title: 'Everything in this file is here already', next: 'Nothing was added, and nothing is lost.' },
  'file/votes': {
    title: 'Some lines of the votes file cannot be read',
    next: 'Keep the good lines, or mend the file and try again.',
  },
  'file/rankings': {
    title: 'Some rankings cannot be used',
    next: 'Keep the good ones, or mend the file and try again.',
  },
  'file/demonstrations': {
    title: 'Some demonstrations cannot be used',
    next: 'Keep the good ones, or mend the file and try again.',
  },
  'file/noDemonstrations': {
    title: 'This file holds no demonstration that can be read',
    next: 'Demonstrations are JSON Lines: one {prompt, completion} a line.',
  },
  'file/checkpoint': {
    title: 'That checkpoint cannot be read',
    next: 'Choose a .safetensors file saved by this lab, or all files of a GPT-2: model.safetensors, config.json and tokenizer.json.',
  },
  'file/notebook': {
    title: 'That notebook cannot be read',
    next: 'Open a .rlhflab file that was saved on the page Notebook. Nothing here was changed.',
  },
  'notebook/tooLarge': {
    title: 'The lab is larger than a notebook can be',
    next: 'Save large models one by one in Checkpoints, delete them there, and save the notebook again.',
  },
  'shelf/inUse': {
    title: 'A run still needs this model',
    next: 'Let the run finish, or reset it, then delete the model.',
  },
  'shelf/misfit': {
    title: 'This model cannot play that part',
    next: 'Choose one of the same family, or train one from it.',
  },
  'storage/full': {
    title: 'The browser has no room left',
    next: 'Export what you want to keep, then delete old checkpoints.',
  },
  'storage/unavailable': {
    title: 'Nothing can be stored in this window',
    next: 'Work goes on, but export before you close. A private window forgets everything.',
  },
  'storage/lost': {
    title: 'The browser closed its storage',
    next: 'Work goes on in this tab, and is stored as soon as the storage opens again. Until then do not close it: export your votes first.',
  },
  'storage/blocked': {
    title: 'Another tab holds an older version of this lab',
    next: 'Close that tab, or reload it: this page goes on by itself.',
  },
  'storage/outdated': {
    title: 'A newer version of this lab is open in another tab',
    next: 'Reload this page to go on with it. What you do here until then is kept in this tab only: export it first.',
  },
  'storage/emptied': {
    title: 'The browser deleted what this page had stored',
    next: 'What is on this page was stored again. To delete it for good, choose Forget everything on Start.',
  },
  'storage/missing': {
    title: 'The browser lost what was stored here',
    next: 'Open the files that you saved: models on Start, votes under Import votes on Compare. What was not saved to a file is gone.',
  },
  'storage/corrupt': { title: 'A stored checkpoint is damaged', next: 'The lab went back to the last good one.' },
  'storage/repaired': {
    title: 'Part of the stored lab was left out',
    next: 'It stays on disk, and everything else is here.',
  },
  'session/otherTab': {
    title: 'This lab is open in another tab',
    next: 'Go on there, or take over here: a run then goes on from where it was stored last, some fifteen seconds ago at most.',
  },
  'page/partMissing': {
    title: 'A part of the page is not here yet',
    next: 'Try again when the network is back, and do not reload the page before.',
  },
  'page/newVersion': {
    title: 'A new version of the lab is here',
    next: 'Load it when nothing runs; until then all stays as it is.',
  },
  'page/overHttp': {
    title: 'Opened over plain http',
    next: 'Codes, lessons and the arena work whole. For the rest open the lab by https, or on this computer itself.',
  },
  'url/ignored': { title: 'Part of the address was not understood', next: 'Those values were left at their defaults.' },
} as const;

export type LabErrorCode = keyof typeof LAB_ERRORS;

/** A message may be a line of a parser's; before the remedy, a sentence ends. */
export const asSentence = (message: string): string =>
  message === '' || /[.!?…]$/.test(message.trimEnd()) ? message : `${message}.`;

/** An error as it crosses between threads. `code` is undefined for a bug. */
export interface ErrorReport {
  code: LabErrorCode | undefined;
  /** what happened, where: a sentence for the visitor */
  message: string;
  stack: string | undefined;
}

export class LabError extends Error {
  override readonly name = 'LabError';
  constructor(
    readonly code: LabErrorCode,
    message: string,
  ) {
    super(message);
  }
}
