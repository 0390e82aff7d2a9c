/** Files that are no model which the lab opens, as a visitor may give them, each with what is said of it. */
import type { NamedTensor } from '../../src/contract/checkpoint';
import { joinBytes } from '../../src/contract/many';
import type { GivenFile } from '../../src/contract/protocol';
import { decodeSafetensors, encodeSafetensors } from '../../src/formats/safetensors';
import { filesOfModel, given, type ModelFiles, withConfig, zipped } from './modelFiles';

/** of a tensor in the header of a safetensors file */
interface Entry {
  dtype: string;
  data_offsets: [number, number];
}

const archive = (bytes: Uint8Array<ArrayBuffer>): GivenFile[] => [{ path: 'owl.zip', blob: new Blob([bytes]) }];

/** @returns the same with its embedding as integers of eight bits, as quantised models have them */
function asBytes(file: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const start = 8 + Number(new DataView(file.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, start))) as Record<string, Entry>;
  const name = 'transformer.wte.weight';
  const [begin, end] = header[name]!.data_offsets;
  const saved = (3 * (end - begin)) / 4;
  const moved = (at: number): number => (at >= end ? at - saved : at);
  for (const { data_offsets: offsets } of Object.values(header))
    if (offsets) offsets.splice(0, 2, ...offsets.map(moved));
  header[name]!.dtype = 'I8';
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true);
  const kept = [file.subarray(start, start + end - saved), file.subarray(start + end)];
  return joinBytes([length, text, ...kept]);
}

/** @returns what it is, its files, and how the sentence about it begins or goes on */
export function badModels(): [string, GivenFile[], RegExp][] {
  const plain = filesOfModel('plain');
  const without = (...names: string[]): ModelFiles =>
    Object.fromEntries(Object.entries(plain).filter(([name]) => !names.includes(name)));
  const renamed = (name: string): ModelFiles => ({
    ...without('model.safetensors'),
    [name]: plain['model.safetensors']!,
  });
  const withTensors = (change: (tensors: Record<string, NamedTensor>) => void): ModelFiles => {
    const { tensors } = decodeSafetensors(plain['model.safetensors']!);
    change(tensors);
    return { ...plain, 'model.safetensors': encodeSafetensors(tensors, {}) };
  };
  /** an archive whose first file says that it unpacks to another size */
  const lying = (size: number): Uint8Array<ArrayBuffer> => {
    const bytes = zipped(plain);
    const view = new DataView(bytes.buffer);
    const at = view.getUint32(bytes.length - 6, true);
    view.setUint32(at + 24, size, true);
    return bytes;
  };

  return [
    ['no config', given(without('config.json')), /^config\.json is missing; what came is .*model\.safetensors/],
    ['no tokenizer', given(without('tokenizer.json')), /tokenizer\.json is missing.*vocab\.json and merges\.txt/],
    [
      'half an older tokenizer',
      given({ ...without('tokenizer.json'), 'vocab.json': plain['tokenizer.json']! }),
      /merges\.txt/,
    ],
    ['SentencePiece', given({ ...without('tokenizer.json'), 'tokenizer.model': new Uint8Array(4) }), /SentencePiece/],
    ['no weights', given(without('model.safetensors')), /^model\.safetensors is missing; what came is .*config\.json/],
    ['a pickle', given(renamed('pytorch_model.bin')), /pytorch_model\.bin is a pickle.*save_pretrained/],
    ['a pickle alone', given({ 'pytorch_model.bin': new Uint8Array(9) }), /pickle/],
    ['GGUF', given(renamed('owl.gguf')), /GGUF/],
    ['one of two parts', given(renamed('model-00001-of-00002.safetensors')), /one of several parts.*index\.json/],
    ['Llama', given(withConfig({ model_type: 'llama' })), /model_type is llama/],
    ['Neo', given(withConfig({ model_type: 'gpt_neo' })), /model_type is gpt_neo/],
    ['OPT', given(withConfig({ model_type: 'opt' })), /model_type is opt/],
    ['more layers than the config says', given(withConfig({ n_layer: 1 })), /layer 1, and the config says 1 layer/],
    ['fewer layers than the config says', given(withConfig({ n_layer: 3 })), /tensor transformer\.h\.2.* is missing/],
    ['another shape', given(withConfig({ vocab_size: 600 })), /is \[500,48\], the config asks for \[600,48\]/],
    [
      'fewer rows than tokens',
      given(withConfig({ vocab_size: 400 })),
      /tokenizer has 500 tokens, and the model knows 400/,
    ],
    [
      'too large by its config',
      given(withConfig({ n_layer: 24, n_embd: 1024, n_head: 16, vocab_size: 50_257 })),
      /its weights take .* MB here/,
    ],
    [
      'numbers that are none',
      given(withTensors((tensors) => tensors['transformer.wte.weight']!.data.fill(Number.NaN, 3, 4))),
      /transformer\.wte\.weight holds numbers that are not finite/,
    ],
    [
      'a file that was cut off',
      given({ ...plain, 'model.safetensors': plain['model.safetensors']!.slice(0, -1000) }),
      /lie outside the/,
    ],
    [
      'numbers of eight bits',
      given({ ...plain, 'model.safetensors': asBytes(plain['model.safetensors']!) }),
      /tensor transformer\.wte\.weight: .*I8/,
    ],
    ['two configs', [...given(plain, 'a/'), ...given(plain, 'b/')], /two files are called/],
    ['an archive that is none', archive(new TextEncoder().encode('not packed')), /is no ZIP archive/],
    ['an archive that was cut off', archive(zipped(plain).slice(0, -40)), /the file was cut/],
    [
      'an archive that unpacks to more than it says',
      archive(lying(10)),
      /config\.json: it unpacks to more than it says/,
    ],
    ['an archive that unpacks to gigabytes', archive(lying(3 * 2 ** 30)), /MB unpacked, and 2,048 MB is the most/],
    [
      'an archive of something else',
      archive(zipped({ 'notes.txt': new Uint8Array(3) })),
      /model\.safetensors is missing, and notes\.txt alone is no model/,
    ],
  ];
}
