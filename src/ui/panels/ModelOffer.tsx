import { TEXT } from '../../contract/settings/lab';
import { useLab } from '../../store/lab';
import { Confirm } from '../primitives/Dialog';
import { formatBytes, formatCount } from '../primitives/format';
import { NumberField } from '../primitives/NumberField';
import { boundsOf, frameOf } from './settings/fields';

/** A large model of another program was looked at: what it takes, and how long the texts may be that it begins with. */
export default function ModelOffer() {
  const offer = useLab((lab) => lab.shelf.offer);
  const answer = useLab((lab) => lab.shelf.answerOffer);
  const textWindow = useLab((lab) => lab.config.value.text.textWindow);
  const change = useLab((lab) => lab.config.change);
  if (!offer) return null;
  return (
    <Confirm
      open
      title={`Open ${offer.name}?`}
      confirm="Open it"
      onConfirm={() => void answer(true)}
      onClose={() => void answer(false)}
      field={
        <NumberField
          {...frameOf(TEXT.textWindow)}
          {...boundsOf(TEXT.textWindow)}
          value={textWindow}
          onChange={(tokens) => change('text', { textWindow: tokens })}
        />
      }
    >
      It has {formatCount(offer.parameters)} parameters. Opening it takes up to {formatBytes(offer.memoryBytes)} of
      memory, and {formatBytes(offer.bytes)} of this browser’s storage. Nothing was read yet but its names and shapes.
      {offer.window < offer.contextLength &&
        ` Its context is ${formatCount(offer.contextLength)} tokens; left to memory, texts that it writes and learns from have up to ${offer.window}. That is chosen now, for as long as it is here.`}
    </Confirm>
  );
}
