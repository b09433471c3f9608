// Where things lie in a chart: linear scales and their marks. Amounts become floats only here, to be drawn.

export const WIDTH = 720;
export const HEIGHT = 250;
export const LEFT = 74;
export const RIGHT = 14;
export const TOP = 12;
export const BOTTOM = 34;

export const INNER_WIDTH = WIDTH - LEFT - RIGHT;
export const INNER_HEIGHT = HEIGHT - TOP - BOTTOM;

/** Two decimals are finer than any screen. */
export const at = (position: number): string => `${Math.round(position * 100) / 100}`;

/** The least of 1, 2 and 5 times a power of ten that is not below. */
export function niceAbove(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 2.5, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

const SUFFIXES = ["", "k", "M", "bn", "T", "P"];

/** 12,500 as 12.5k. */
export function brief(value: number): string {
  const level = Math.min(SUFFIXES.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, value)) / 3)));
  const scaled = value / 1000 ** level;
  return `${Number(scaled.toPrecision(3))}${SUFFIXES[level]}`;
}

export const yOf = (value: number, top: number): number => TOP + INNER_HEIGHT * (1 - value / top);
