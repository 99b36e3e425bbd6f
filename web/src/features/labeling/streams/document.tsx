// Pages of a document.

import type { ReactNode } from 'react'
import { PagesSurface } from '../../../surfaces/pages/PagesSurface'
import { m } from '../messages'
import { AwaitedSurface } from '../Placeholders'
import { SelectionBar } from '../SelectionBar'
import { drawnOn } from './around'
import { Attempts } from './attempts'
import type { StreamProps } from './props'

export default function DocumentStream(props: StreamProps): ReactNode {
  const { content, count } = props
  const url = content.url ?? ''
  return (
    <Attempts url={url}>
      {(onBroken) => <PagesSurface {...drawnOn(props)} pins={props.screen.pins} url={url} label={m.documentOf(content.facts.pages?.length ?? 1, count)} bar={<SelectionBar />} loading={<AwaitedSurface />} onBroken={onBroken} />}
    </Attempts>
  )
}
