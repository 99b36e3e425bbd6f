// A stream that is a file: shown, or what happened while it cannot be, with a way to try again.

import { Fragment, type ReactNode, useCallback, useState } from 'react'
import type { PictureError } from '../../../surfaces/canvas/images'
import { BrokenPicture } from '../BrokenPicture'

interface AttemptsProps {
  readonly url: string
  /** The surface, begun anew with each attempt. */
  readonly children: (onBroken: (error: PictureError) => void) => ReactNode
}

export function Attempts({ url, children }: AttemptsProps): ReactNode {
  const [broken, setBroken] = useState<PictureError | null>(null)
  const [attempt, setAttempt] = useState(0)
  const onBroken = useCallback((error: PictureError) => setBroken(error), [])
  const onAgain = useCallback(() => {
    setBroken(null)
    setAttempt((n) => n + 1)
  }, [])
  if (broken !== null) return <BrokenPicture error={broken} url={url} tries={attempt} onAgain={onAgain} />
  return <Fragment key={attempt}>{children(onBroken)}</Fragment>
}
