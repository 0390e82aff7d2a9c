import { screen, waitFor, within } from '@testing-library/react';
import { parquetReadObjects } from 'hyparquet';
import { expect, it } from 'vitest';
import { Compare } from '../../src/ui/panels/Compare/Compare';
import { castVotes, openStage } from './compareHelpers';
import { expectAccessible } from './renderLab';

const openDialog = async () => {
  const stage = await openStage(<Compare />, { before: (lab, wait) => castVotes(lab, wait, 6) });
  await stage.user.click(screen.getByRole('button', { name: 'Export for TRL…' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Export for datasets and TRL' }));
  return { ...stage, dialog };
};
type Stage = Awaited<ReturnType<typeof openDialog>>;

const rowsOf = ({ files }: Stage) =>
  String(files.at(-1)?.content)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

async function save({ user, dialog, files }: Stage): Promise<void> {
  const before = files.length;
  await user.click(dialog.getByRole('button', { name: /^Save \d/ }));
  await waitFor(() => expect(files).toHaveLength(before + 1));
}

it('writes votes as rows that TRL trains on, with the first in sight', async () => {
  const stage = await openDialog();
  const { dialog, files, lab } = stage;
  await expectAccessible(screen.getByRole('dialog'));
  await save(stage);
  expect(files[0]?.fileName).toBe('preferences.jsonl');
  const rows = rowsOf(stage);
  const decided = lab.getState().opinions.all.filter(({ ranks }) => ranks[0] !== ranks[1]);
  expect(rows).toHaveLength(decided.filter((one) => !('repeatOf' in one && one.repeatOf !== null)).length);
  for (const row of rows) expect(Object.keys(row)).toEqual(['prompt', 'chosen', 'rejected']);
  expect(dialog.getByText(String(rows[0]!.chosen).trim())).toBeTruthy();
});

it('writes the same as Parquet, as messages, and their prompts alone', async () => {
  const stage = await openDialog();
  const { user, dialog, files } = stage;
  await user.selectOptions(dialog.getByLabelText('Form'), 'messages');
  await save(stage);
  const lines = rowsOf(stage);
  expect(lines[0]).toMatchObject({ prompt: [{ role: 'user' }], chosen: [{ role: 'assistant' }] });
  await user.click(dialog.getByLabelText('Parquet'));
  await save(stage);
  expect(files.at(-1)?.fileName).toBe('preferences.parquet');
  const file = (files.at(-1)!.content as Uint8Array<ArrayBuffer>).buffer;
  expect(await parquetReadObjects({ file })).toEqual(lines);
  await user.selectOptions(dialog.getByLabelText('Rows'), 'prompts');
  await user.click(dialog.getByLabelText('JSON Lines'));
  await user.selectOptions(dialog.getByLabelText('Form'), 'apart');
  await save(stage);
  expect(rowsOf(stage).every((row) => typeof row.prompt === 'string' && Object.keys(row).length === 1)).toBe(true);
});

it('says where there is nothing to write', async () => {
  const { user, dialog } = await openDialog();
  await user.selectOptions(dialog.getByLabelText('Rows'), 'rankings');
  expect(dialog.getByText(/No rankings yet/)).toBeTruthy();
  expect((dialog.getByRole('button', { name: 'Save' }) as HTMLButtonElement).disabled).toBe(true);
});
