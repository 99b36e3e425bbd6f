// Showing again what could not be shown.

import { useCallback, useState } from 'react'
import type { PictureError } from '../../../surfaces/canvas/images'

interface Attempts {
  readonly broken: PictureError | null
  /** Grows with each attempt: the key of what is shown anew. */
  readonly attempt: number
  readonly onBroken: (error: PictureError) => void
  readonly onAgain: () => void
}

export function useAttempts(): Attempts {
  const [broken, setBroken] = useState<PictureError | null>(null)
  const [attempt, setAttempt] = useState(0)
  const onBroken = useCallback((error: PictureError) => setBroken(error), [])
  const onAgain = useCallback(() => {
    setBroken(null)
    setAttempt((n) => n + 1)
  }, [])
  return { broken, attempt, onBroken, onAgain }
}
