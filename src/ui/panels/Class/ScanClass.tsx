import { useRef, useState } from 'react';
import { spacedClassCode } from '../../../contract/classroom';
import { namedClass } from '../../../store/classroom/student';
import { Button } from '../../primitives/Button';
import styles from './Class.module.css';
import { hasCamera, useScanner } from './useScanner';

/** A student points the camera at the teacher's screen: the class code is read off it, and the camera goes off. */
export function ScanClass({ onCode }: { onCode: (code: string) => void }) {
  const [on, turn] = useState(false);
  const [said, say] = useState<string | null>(null);
  const video = useRef<HTMLVideoElement>(null);
  const trouble = useScanner(on, video, (text) => {
    const code = namedClass(text);
    if (code === null) return say('That is no code of a class. Point the camera at the one that the teacher shows.');
    turn(false);
    say(`Found ${spacedClassCode(code)}.`);
    onCode(code);
  });
  if (!hasCamera()) return null;
  return (
    <>
      <Button
        aria-pressed={on}
        onClick={() => {
          say(null);
          turn(!on);
        }}
      >
        {on ? 'Stop scanning' : 'Scan the class code'}
      </Button>
      {on && <video ref={video} className={styles.video} aria-label="The camera’s picture" muted playsInline />}
      <p className={styles.note} role="status">
        {trouble ?? said}
      </p>
    </>
  );
}
