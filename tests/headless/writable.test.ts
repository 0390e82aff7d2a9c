import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeRows } from '../../src/headless/data';
import { exportTo } from '../../src/headless/export';
import { train } from '../../src/headless/train';
import { checkFile, checkFolder } from '../../src/headless/writable';

let folder: string;
const at = (...names: string[]) => join(folder, ...names);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'writable-'));
  writeFileSync(at('file'), 'mine');
  mkdirSync(at('dir'));
  writeFileSync(at('rows.jsonl'), '{"prompt": "p", "chosen": "a", "rejected": "b"}\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a file or folder to be written', () => {
  it('is asked for without a trace', async () => {
    await checkFile(at('new.jsonl'), 'file/votes');
    await checkFile(at('file'), 'file/votes');
    await checkFolder(at('a', 'b', 'c'), 'file/checkpoint', async () => {
      expect(existsSync(at('a', 'b', 'c'))).toBe(true);
      await checkFile(at('a', 'b', 'c', 'golden.json'), 'file/checkpoint');
    });
    await checkFolder(at('dir'), 'file/checkpoint');
    expect(readdirSync(folder).sort()).toEqual(['dir', 'file', 'rows.jsonl']);
    expect(readFileSync(at('file'), 'utf8')).toBe('mine');
  });

  it('is refused with the reason', async () => {
    for (const [names, why] of [
      [['none', 'out'], 'its folder is not there'],
      [['file', 'out'], 'what should be its folder is a file'],
      [['dir'], 'it is a folder'],
      [['x'.repeat(300)], 'no file can have so long a name'],
    ] as const)
      await expect(checkFile(at(...names), 'file/votes')).rejects.toThrow(`${at(...names)} cannot be written: ${why}`);
    await expect(checkFolder(at('file'), 'file/checkpoint')).rejects.toThrow('cannot be written: it is a file');
    await expect(checkFolder(at('file', 'x', 'y'), 'file/checkpoint')).rejects.toThrow('cannot be written');
  });
});

describe('a command whose result has no place', () => {
  it('train refuses it before anything is computed', async () => {
    writeFileSync(
      at('settings.json'),
      JSON.stringify({ kind: 'pretrain', steps: 1, out: at('none', 'm.safetensors') }),
    );
    const told: string[] = [];
    const refused = train(at('settings.json'), (words) => told.push(words));
    await expect(refused).rejects.toThrow(
      `out: ${at('none', 'm.safetensors')} cannot be written: its folder is not there`,
    );
    expect(told).toEqual([]);
  });

  it('data and export refuse it before they read', async () => {
    const rows = writeRows(at('none.jsonl'), at('none', 'rows.jsonl'), 'apart');
    await expect(rows).rejects.toThrow('rows.jsonl cannot be written: its folder is not there');
    const model = exportTo(at('none.safetensors'), at('file'), null);
    await expect(model).rejects.toThrow('file cannot be written: it is a file');
    expect((await writeRows(at('rows.jsonl'), at('out.jsonl'), 'apart')).written).toBe(1);
  });

  it('leaves nothing where what it reads is refused', async () => {
    await expect(exportTo(at('none.safetensors'), at('made'), at('made', 'golden.json'))).rejects.toThrow(/none/);
    await expect(writeRows(at('none.jsonl'), at('made.jsonl'), 'apart')).rejects.toThrow(/none/);
    expect([existsSync(at('made')), existsSync(at('made.jsonl'))]).toEqual([false, false]);
  });
});
