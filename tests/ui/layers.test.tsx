import { act, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { LabError } from '../../src/contract/errors';
import { Inspect } from '../../src/ui/panels/Inspect/Inspect';
import { expectAccessible, renderLab } from './renderLab';

const TEXT = 'the fox found a warm lamp . it was sad .';

async function open() {
  const page = await renderLab(<Inspect />, {
    prepare: async (lab) => {
      await lab.getState().shelf.loadShipped('tiny');
      await lab.getState().shelf.loadShipped('small');
      lab.getState().inspect.show(TEXT);
      lab.getState().inspect.setTab('layers');
    },
  });
  await screen.findByRole('list', { name: 'What it would say' });
  return page;
}
const body = () => screen.getByRole('dialog', { name: 'Inspect' });
const head = (layer: number, number: number) =>
  screen.getByRole<HTMLInputElement>('checkbox', { name: `Layer ${layer}, head ${number}` });

describe('the layers of a model', () => {
  it('says what it would say before the first block and after each, and how long the stream is', async () => {
    const page = await open();
    const rows = within(screen.getByRole('list', { name: 'What it would say' })).getAllByRole('listitem');
    expect(rows).toHaveLength(page.lab.getState().heads.view!.model.layers + 1);
    expect(rows[0]!.textContent).toMatch(/^before block 1/);
    expect(screen.getByRole('list', { name: 'Length of the residual stream' }).textContent).toMatch(/attention .*MLP/);
    await waitFor(() => expect(body().textContent).toMatch(/Held-out loss 1\.085 nats per token, 64 texts/));
    await expectAccessible(body());
  });

  it('switches a head off: bars and loss before and after, and a sentence; 0 switches all on again', async () => {
    const page = await open();
    await page.user.click(head(1, 1));
    await waitFor(() => expect(body().textContent).toMatch(/Held-out loss 1\.085 → 1\.385/));
    expect(body().textContent).toMatch(/With head 1 of layer 1 off: the held-out loss goes from 1\.085 to 1\.385\./);
    expect(body().textContent).toMatch(/of joy 0\.330 → 0\.230, of sorrow 0\.100 → 0\.200/);
    expect(page.client.calls.at(-1)).toMatchObject({
      kind: 'inspect/heldOut',
      params: { off: [{ layer: 0, head: 0 }] },
    });
    await page.user.click(head(2, 2));
    await waitFor(() => expect(body().textContent).toMatch(/With 2 heads off/));
    body().focus();
    await page.user.keyboard('0');
    expect(head(1, 1).checked && head(2, 2).checked).toBe(true);
    await waitFor(() => expect(body().textContent).toMatch(/All heads are on/));
  });

  it('says that there is no difference where it is within what other texts would bring', async () => {
    const page = await open();
    await page.user.click(head(2, 2));
    await waitFor(() => expect(body().textContent).toMatch(/With head 2 of layer 2 off: no difference on 64 texts\./));
  });

  it('walks the heads by arrow keys and switches by Space', async () => {
    const page = await open();
    head(1, 1).focus();
    await page.user.keyboard('{ArrowRight}{ArrowDown}');
    expect(document.activeElement).toBe(head(2, 2));
    await page.user.keyboard(' ');
    expect(head(2, 2).checked).toBe(false);
  });

  it('shows how far the ranking is, and Cancel ends it with nothing measured', async () => {
    const page = await open();
    page.client.hold('inspect/heads');
    await page.user.click(screen.getByRole('button', { name: 'Which heads matter' }));
    const work = await screen.findByRole('region', { name: 'Measuring heads' });
    expect(within(work).getByRole('progressbar', { name: 'Measuring heads' })).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Which heads matter' }).getAttribute('aria-disabled')).toBe('true');
    await page.user.click(within(work).getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(screen.queryByRole('region', { name: 'Measuring heads' })).toBeNull());
    expect(page.lab.getState().heads.ranking).toBeNull();
    expect(body().textContent).toContain('Not measured yet');
    expect(screen.getByRole('button', { name: 'Which heads matter' }).getAttribute('aria-disabled')).toBeNull();
  });

  it('ranks the heads by what they are worth', async () => {
    const page = await open();
    expect(body().textContent).toMatch(/Not measured yet/);
    await page.user.click(screen.getByRole('button', { name: 'Which heads matter' }));
    const list = await screen.findByRole('list', { name: 'Heads by what they are worth' });
    const [first] = within(list).getAllByRole('listitem');
    expect(first!.textContent).toMatch(/^head 1 of layer 1.*1\.385$/);
    await expectAccessible(body());
    const switched = within(list).getByRole<HTMLInputElement>('checkbox', { name: 'head 1 of layer 1' });
    await page.user.click(switched);
    expect([switched.checked, head(1, 1).checked]).toEqual([false, false]);
    await page.user.click(head(1, 1));
    expect(switched.checked, 'one head, two switches').toBe(true);
    const { checkpointId } = page.lab.getState().heads.ranking!;
    const other = page.lab.getState().shelf.checkpoints.find((one) => one.checkpointId !== checkpointId)!;
    await act(async () => page.lab.getState().inspect.setCheckpoint(other.checkpointId));
    expect(body().textContent, 'it was measured on another model').toMatch(/Not measured yet/);
    await act(async () => page.lab.getState().inspect.setCheckpoint(checkpointId));
    expect(screen.getByRole('list', { name: 'Heads by what they are worth' })).toBeTruthy();
  });

  it('has all heads on when another model is looked into', async () => {
    const page = await open();
    await page.user.click(head(1, 1));
    const [first] = page.lab.getState().shelf.checkpoints;
    await act(async () => page.lab.getState().inspect.setCheckpoint(first!.checkpointId));
    await waitFor(() => expect(head(1, 1).checked).toBe(true));
  });

  it('says why the loss cannot be measured, and shows the rest', async () => {
    const page = await open();
    page.client.fail('inspect/heldOut', new LabError('run/missingInput', 'The text of this model is not open here.'));
    await page.user.click(head(1, 1));
    await waitFor(() => expect(body().textContent).toMatch(/The text of this model is not open here\./));
    expect(screen.getByRole('list', { name: 'Next word' })).toBeTruthy();
  });

  it('asks for another token', async () => {
    const page = await open();
    await page.user.selectOptions(screen.getByRole('combobox', { name: 'Token' }), 'fox');
    await waitFor(() => expect(body().textContent).toMatch(/Next word after “fox”/));
  });
});
