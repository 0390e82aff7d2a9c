/** The recordings that come with the page. */
import type { RecordingId } from '../../contract/recording';

/** @throws Error where it did not come */
export async function shippedRecording(id: RecordingId): Promise<Blob> {
  const response = await fetch(new URL(`recordings/${id}.rlhflab`, document.baseURI)).catch(() => null);
  if (!response?.ok) throw new Error(`${id}.rlhflab could not be fetched. Try again when the network is back.`);
  return response.blob();
}
