// Looking around with the hand: drag to move, two fingers or the wheel to come nearer. A wheel that is not meant for the
// picture scrolls the page, as everywhere: it counts once the picture has been touched, or with Ctrl.

import { type PointerEvent, type RefObject, useEffect, useRef } from "react";
import { dragged, positionAt, stretched, type View } from "./viewport.ts";

/** So many pixels of a wheel make it twice as near. */
const WHEEL_DOUBLES = 400;

type Hand = { readonly view: View; readonly at: readonly number[] };
type Surface = { view: View; jump: (view: View) => void; extent: bigint; width: number };

export function useGestures(picture: RefObject<HTMLElement | null>, surface: Surface) {
  const now = useRef(surface);
  now.current = surface;
  const fingers = useRef(new Map<number, number>());
  const began = useRef<Hand | null>(null);

  const restart = () => {
    const at = [...fingers.current.values()];
    began.current = at.length === 0 ? null : { view: now.current.view, at };
  };
  const lift = ({ pointerId }: PointerEvent) => {
    fingers.current.delete(pointerId);
    restart();
  };

  useEffect(() => {
    const element = picture.current;
    const turn = (event: WheelEvent) => {
      const isMeant = event.ctrlKey || element?.contains(document.activeElement) === true;
      if (!isMeant || element === null) return;
      event.preventDefault();
      const { view, extent, width, jump } = now.current;
      const around = positionAt(event.clientX - element.getBoundingClientRect().left, view, width);
      jump(stretched(view, extent, around, 2 ** (event.deltaY / WHEEL_DOUBLES)));
    };
    // React listens passively, and then the page would scroll as well.
    element?.addEventListener("wheel", turn, { passive: false });
    return () => element?.removeEventListener("wheel", turn);
  }, [picture]);

  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      event.currentTarget.setPointerCapture(event.pointerId);
      fingers.current.set(event.pointerId, xIn(event));
      restart();
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (!fingers.current.has(event.pointerId) || began.current === null) return;
      fingers.current.set(event.pointerId, xIn(event));
      const { extent, width, jump } = now.current;
      jump(underHand(began.current, [...fingers.current.values()], extent, width));
    },
    onPointerUp: lift,
    onPointerCancel: lift,
  };
}

const xIn = ({ clientX, currentTarget }: PointerEvent): number =>
  clientX - currentTarget.getBoundingClientRect().left;

/** The view that keeps the positions under the fingers that they were laid on. */
function underHand({ view, at }: Hand, fingers: readonly number[], extent: bigint, width: number): View {
  const [first = 0, second] = at;
  const [x = 0, y] = fingers;
  if (second === undefined || y === undefined) return dragged(view, extent, (first - x) / width);
  const around = positionAt((first + second) / 2, view, width);
  return stretched(view, extent, around, Math.abs(first - second) / Math.max(Math.abs(x - y), 1));
}
