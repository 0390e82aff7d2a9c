/** The recordings that come with the page, after everything else of it. */
import { RECORDINGS, type RecordingId } from '../../contract/recording';
import { onDemand } from '../page/onDemand';

async function fetchRecording(id: RecordingId): Promise<Blob> {
  const response = await fetch(new URL(`recordings/${id}.rlhflab`, document.baseURI), { priority: 'low' });
  if (!response.ok) throw new Error(`${id}.rlhflab could not be fetched.`);
  return response.blob();
}

const files = Object.fromEntries(
  RECORDINGS.map((id) => [id, onDemand(`${id}.rlhflab holds`, () => fetchRecording(id))]),
) as Record<RecordingId, () => Promise<Blob>>;

/** @throws LabError page/partMissing where it did not come */
export const shippedRecording = (id: RecordingId): Promise<Blob> => files[id]();
