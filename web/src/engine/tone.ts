// How a picture is shown: lighter, with more contrast, one channel alone. Its pixels and what is drawn on it never change.

export type Channel = 'all' | 'red' | 'green' | 'blue'

export const CHANNELS: readonly Channel[] = ['all', 'red', 'green', 'blue']

export interface Tone {
  /** -100 to 100: black to white; 0 leaves it. */
  readonly brightness: number
  /** -100 to 100: one grey to black and white; 0 leaves it. */
  readonly contrast: number
  /** 0.2 to 5: above 1 dark parts come out; 1 leaves it. */
  readonly gamma: number
  readonly channel: Channel
  readonly invert: boolean
}

export const PLAIN: Tone = { brightness: 0, contrast: 0, gamma: 1, channel: 'all', invert: false }

export const RANGES = { brightness: [-100, 100], contrast: [-100, 100], gamma: [0.2, 5] } as const

export function isPlain(tone: Tone): boolean {
  return tone.channel === PLAIN.channel && isStraight(tone)
}

function isStraight({ brightness, contrast, gamma, invert }: Tone): boolean {
  return brightness === 0 && contrast === 0 && gamma === 1 && !invert
}

/** What each of the 256 steps of a channel is shown as: gamma first, then contrast about the middle, brightness, inversion. */
export function curveOf({ brightness, contrast, gamma, invert }: Tone): Uint8ClampedArray {
  const curve = new Uint8ClampedArray(256)
  // At 100 the slope would be endless; a step of one grey is as steep as a picture can be.
  const slope = contrast < 0 ? 1 + contrast / 100 : 1 / Math.max(1 - contrast / 100, 1 / 255)
  for (let i = 0; i < 256; i += 1) {
    const shown = ((i / 255) ** (1 / gamma) - 0.5) * slope + 0.5 + brightness / 100
    curve[i] = 255 * (invert ? 1 - Math.min(1, Math.max(0, shown)) : shown)
  }
  return curve
}

/** Changes pixels, given as red, green, blue and alpha in a row, in their place. */
export function applyTone(pixels: Uint8ClampedArray, tone: Tone): void {
  const curve = curveOf(tone)
  const from = CHANNELS.indexOf(tone.channel) - 1
  for (let i = 0; i < pixels.length; i += 4) {
    for (let c = 0; c < 3; c += 1) pixels[i + c] = curve[pixels[i + c] ?? 0] ?? 0
    if (from >= 0) pixels[i] = pixels[i + 1] = pixels[i + 2] = pixels[i + from] ?? 0
  }
}

/** The tone that was kept as text; what cannot be read is as the picture is. */
export function readTone(kept: string | null): Tone {
  try {
    const given = JSON.parse(kept ?? '{}') as Partial<Record<keyof Tone, unknown>> // whatever it is, each part is looked at
    return {
      brightness: within(given.brightness, 'brightness'),
      contrast: within(given.contrast, 'contrast'),
      gamma: within(given.gamma, 'gamma'),
      channel: CHANNELS.find((c) => c === given.channel) ?? 'all',
      invert: given.invert === true,
    }
  } catch {
    return PLAIN
  }
}

function within(value: unknown, of: keyof typeof RANGES): number {
  const [least, most] = RANGES[of]
  return typeof value === 'number' && value >= least && value <= most ? value : PLAIN[of]
}
