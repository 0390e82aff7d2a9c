import { useRef, useState } from 'react';
import { useClassroom } from '../../../store/classroom/classroom';
import { Button } from '../../primitives/Button';
import { useKeys } from '../../primitives/useKeys';
import styles from './Board.module.css';
import { hasCamera, useScanner } from './useScanner';

const BEEP = { hertz: 880, seconds: 0.09, volume: 0.15 };

/** a class hears that the next one may come */
function beep(): void {
  const audio = new AudioContext();
  const [tone, volume] = [audio.createOscillator(), audio.createGain()];
  tone.frequency.value = BEEP.hertz;
  volume.gain.value = BEEP.volume;
  tone.connect(volume).connect(audio.destination);
  tone.onended = () => void audio.close();
  tone.start();
  tone.stop(audio.currentTime + BEEP.seconds);
}

/** Codes by camera, one after the other, until it is stopped. */
export function Scan() {
  const takeIn = useClassroom((state) => state.takeIn);
  const [on, turn] = useState(false);
  const video = useRef<HTMLVideoElement>(null);
  const trouble = useScanner(on, video, (text) => {
    takeIn(text);
    beep();
  });
  const toggle = () => turn(!on);
  useKeys<'Class'>({ s: toggle }, hasCamera());
  if (!hasCamera()) return null;
  return (
    <>
      <Button keyCap="S" aria-pressed={on} onClick={toggle}>
        {on ? 'Stop scanning' : 'Scan'}
      </Button>
      {on && <video ref={video} className={styles.video} aria-label="The camera’s picture" muted playsInline />}
      {trouble !== null && (
        <p className={styles.bad} role="alert">
          {trouble}
        </p>
      )}
    </>
  );
}
