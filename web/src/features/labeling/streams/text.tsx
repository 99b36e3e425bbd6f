// A text.

import { type ReactNode, useMemo } from 'react'
import { CodePoints } from '../../../engine/codepoints'
import type { Work } from '../../../engine/work'
import { TextSurface } from '../../../surfaces/text/TextSurface'
import { m } from '../messages'
import { drawnOn, Known } from './around'
import { suggesting } from '../suggest/suggestions'
import type { StreamProps } from './props'

export default function TextStream(props: StreamProps): ReactNode {
  const { work, text, count, content } = props
  return <TextSurface {...drawnOn(props)} {...suggesting(props.screen)} text={text} marks={content.marks} head={<TextHead work={work} text={text} />} label={m.textOf(count)} />
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
