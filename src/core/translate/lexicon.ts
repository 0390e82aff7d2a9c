/**
 * A made-up language, word by word: for every word of the micro-stories one of ours. Nouns end in -o (masculine) or -a
 * (feminine) and bring their gender along; adjectives are written as stems, because their ending follows what they
 * speak of; verbs end in -ik.
 */
import type { WordClass } from '../../contract/translate';

/** what the words of a class are, each followed by ours; commas are for the eye */
const ENTRIES: Readonly<Record<Exclude<WordClass, 'mark'>, string>> = {
  noun: `
    fox vulto, bear burgo, badger vozo, frog buvo, wolf ravo, goat juto, crow blefo, beaver kalgo,
    owl kuva, hen rolta, duck niza, mouse trata, otter vuga, squirrel nila, robin bara, rabbit nelta,
    kite fizo, lamp lumma, drum varva, boat firpa, ball garpa, book treva, key salga, bell zarto, hat zuko, scarf golgo,
    cup denta, basket zovo, blanket keko, shell nalbo, stone joga, feather gibo, ribbon geza, button joza, pear zinzo,
    plum mubo, cake zonga, pie zila, map joka, flute jenda, coin jelpo, lantern vesa, pillow friva, teapot dobo,
    wagon vopo, brush vonda,
    garden puko, forest deno, meadow dalda, barn kamzo, kitchen zurgo, village nora, valley fofa, orchard gelvo,
    river klita, lake dulvo, pond koro, sea fulma, morning flura, afternoon gupa, evening ziso, night narka, day lobo,
    table lega, chair tapa, shelf tirpo, bed rovo, log bleda, rock goda, grass jena, step griga,
    kiss kava, gift toga, treat guva, flower rezo, push pelgo, slap plinda, scare jemo, bruise gefa,
    mud nanka, ditch selto, puddle loro, dust verdo, end donta, story triva, home forso, friend nota`,
  adjective: `
    little nerp, young bep, clever trink, brave drem, shy fup, sleepy terz, hungry krirv, gentle norm, busy flurm,
    tall fort, quick gep, fluffy fums, red ruv, blue vun, green puv, yellow pag, golden purt, tiny vaz, shiny filz,
    round kromb, big lal, pretty ram, sunny nomz, rainy blirv, windy vig, snowy relg, foggy milb, cloudy von, warm veln,
    cold lerd, happy gilv, glad krub, merry meng, proud drez, cheerful dav, joyful gond, jolly valk, content fonz,
    lovely zerk, wonderful mag, perfect zomz, splendid trimb, delightful plef, kind grus, friendly tob, helpful tup,
    nice vef, sad vab, lonely kuz, upset fen, gloomy trug, miserable ned, unhappy fluz, hurt jeld, heartbroken zomb,
    bitter pez, terrible bin, dreadful nord, horrible vap, rotten lek, mean salk, cruel zum, nasty juld, unkind fuz,
    silly sab, quiet sars`,
  verb: `
    found tadik, bought traltik, got tengik, borrowed murtik, chose lomik, won lusik, made nuvik, brought sorbik,
    rested bultik, slept gusik, read bufik, waited tremzik, worked tosik, laughed flimtik, smiled jenzik, sang pazik,
    danced vilbik, giggled sizik, cheered vovik, admired kosik, praised lazik, liked fulbik, cherished kazik,
    loved vindik, adored jimzik, treasured rengik, hugged kliltik, thanked fungik, embraced diltik, cried dosik,
    wept droldik, sobbed ganzik, sighed sufik, sulked vurdik, moaned krolvik, kicked gizik, ruined romik,
    spoiled dunsik, scratched bilpik, hated vintik, feared kurnik, cursed momik, blamed sorpik, left lanzik,
    scolded drelik, argued ransik, fought serdik, quarrelled vemik, dropped plemik, put terbik, carried rarbik,
    showed zirzik, looked prorzik, met pulbik, gave fulpik, was selik, were sunkik, said malgik, sit pufik, show luvik,
    go lungik, be grumbik, kept lilsik, went levik, thank jefik`,
  article: 'the ko, a na, one len, all san, his ran, their rol',
  pronoun: 'he fi, she rer, they tir, it rin, him sal, her lur, them ja, you ku, me nur, that te',
  preposition: 'in sar, by nor, on ner, to ral, with mi, of tun, at mir',
  other: `
    once lir, then men, ever ten, after mal, away bu, back tan, down sa, very fo, so nir, really tin, truly ga,
    please ril, what tal, and son`,
};

const PAIRS = Object.entries(ENTRIES).flatMap(([wordClass, text]) =>
  text.split(',').map((pair) => {
    const [word, ours] = pair.trim().split(' ') as [string, string];
    return { word, ours, wordClass: wordClass as WordClass };
  }),
);
/** the same in both languages */
const MARKS = ['.', ','].map((mark) => ({ word: mark, ours: mark, wordClass: 'mark' as WordClass }));
const BY_WORD = new Map([...PAIRS, ...MARKS].map((entry) => [entry.word, entry]));

/** 'many' for what stands for two: they were gladi */
export type Gender = 'masculine' | 'feminine' | 'many';
const ENDINGS: Readonly<Record<Gender, string>> = { masculine: 'o', feminine: 'a', many: 'i' };

/** every word that can be translated, marks last */
export const knownWords = (): string[] => [...BY_WORD.keys()];

/** @returns null for a word that the stories do not have */
export const classOf = (word: string): WordClass | null => BY_WORD.get(word)?.wordClass ?? null;

/** of a noun or pronoun; what has none of its own is masculine */
export function genderOf(word: string): Gender {
  if (word === 'they') return 'many';
  if (word === 'she') return 'feminine';
  const entry = BY_WORD.get(word);
  return entry?.wordClass === 'noun' && entry.ours.endsWith('a') ? 'feminine' : 'masculine';
}

/** @param gender of what an adjective speaks of; nothing else looks at it */
export function ourWord(word: string, gender: Gender): string {
  const entry = BY_WORD.get(word);
  if (!entry) throw new Error(`there is no translation of ${word}`);
  return entry.wordClass === 'adjective' ? entry.ours + ENDINGS[gender] : entry.ours;
}

/** every word of the made-up language, adjectives with each ending */
export const ourWords = (): string[] =>
  [...BY_WORD.values()].flatMap(({ word, wordClass }) =>
    wordClass === 'adjective'
      ? (Object.keys(ENDINGS) as Gender[]).map((gender) => ourWord(word, gender))
      : [ourWord(word, 'masculine')],
  );

/** @returns the stem where this is an adjective of ours, else null: dremo and drema have one */
export const stemOf = (ours: string): string | null => {
  const stem = ours.slice(0, -1);
  return STEMS.has(stem) && Object.values(ENDINGS).includes(ours.slice(-1)) ? stem : null;
};
const STEMS = new Set(PAIRS.filter(({ wordClass }) => wordClass === 'adjective').map(({ ours }) => ours));
