// Pages of a document.

import type { ReactNode } from 'react'
import { PagesSurface } from '../../../surfaces/pages/PagesSurface'
import { BrokenPicture } from '../BrokenPicture'
import { m } from '../messages'
import { LoadingSurface } from '../Placeholders'
import { SelectionBar } from '../SelectionBar'
import { useAttempts } from './attempts'
import type { StreamProps } from './props'

export default function DocumentStream({ screen, work, stream, content, count, announce, onControls, onActivity }: StreamProps): ReactNode {
  const { broken, attempt, onBroken, onAgain } = useAttempts()
  if (broken !== null) return <BrokenPicture error={broken} url={content.url ?? ''} onAgain={onAgain} />
  return (
    <PagesSurface
      key={attempt}
      work={work}
      view={screen.view}
      kinds={screen.kinds}
      stream={stream}
      url={content.url ?? ''}
      label={m.documentOf(content.facts.pages?.length ?? 1, count)}
      announce={announce}
      bar={<SelectionBar />}
      loading={<LoadingSurface />}
      onControls={onControls}
      onBroken={onBroken}
      onActivity={onActivity}
      disabled={work.isFinal}
    />
  )
}
