// A text.

import { type ReactNode, useMemo } from 'react'
import { CodePoints } from '../../../engine/codepoints'
import type { Work } from '../../../engine/work'
import { TextSurface } from '../../../surfaces/text/TextSurface'
import { m } from '../messages'
import { Known } from './around'
import type { StreamProps } from './props'

export default function TextStream({ screen, work, stream, text, count, announce, onControls, onActivity }: StreamProps): ReactNode {
  return <TextSurface work={work} view={screen.view} kinds={screen.kinds} stream={stream} text={text} head={<TextHead work={work} text={text} />} label={m.textOf(count)} announce={announce} onControls={onControls} onActivity={onActivity} disabled={work.isFinal} />
}

/** What is known of a text, above it: a few of its metadata and its length. */
function TextHead({ work, text }: { work: Work; text: string }): ReactNode {
  const length = useMemo(() => new CodePoints(text).length.toLocaleString(), [text])
  return (
    <>
      <Known work={work} />
      <span>{m.characters(length)}</span>
    </>
  )
}
