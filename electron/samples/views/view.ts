// What a sample camera is: where it hangs, what it sees, how its picture is labelled.
// Role: the type of a view. Limits: people and vehicles are not part of it.
import type { Rgb } from '../camera.ts';
import type { Stage } from '../trace.ts';

export interface ParkedCar {
  readonly model: 'hatchback' | 'van';
  readonly x: number;
  readonly y: number;
  /** Degrees, 0 = nose towards +x, counter-clockwise seen from above. */
  readonly turn: number;
  readonly colour: Rgb;
}

export interface View {
  readonly name: string;
  /** Burnt into the picture. */
  readonly title: string;
  readonly stage: Stage;
  readonly parked: readonly ParkedCar[];
}
