// Header, tools, the answer on its surface, the verdicts under it, and what is known of it at the right.

import { type ReactNode, useRef } from 'react'
import { useZoom } from '../context'
import { Dialogs } from '../Dialogs'
import { LayersPanel } from '../LayersPanel'
import { Rail } from '../Rail'
import { SignIn } from '../SignIn'
import { SurfaceArea } from '../SurfaceArea'
import { Pinned } from '../beside'
import { TonePanel } from '../TonePanel'
import { useKeys } from '../use-keys'
import { Icon } from '../../../ui/Icon'
import { Button } from '../../../ui/parts'
import { useJudging } from './context'
import { DefectDialog } from './DefectDialog'
import { Legend } from './Legend'
import { m } from './messages'
import { ReviewHeader } from './ReviewHeader'
import { ReviewNotices } from './ReviewNotices'
import { ReviewPanel } from './ReviewPanel'
import { VerdictBar } from './VerdictBar'

interface ReviewLayoutProps {
  readonly email: string
  readonly schemaVersion: number
  readonly onReload: () => void
}

export function ReviewLayout({ email, schemaVersion, onReload }: ReviewLayoutProps): ReactNode {
  const judging = useJudging()
  const { screen } = judging
  const root = useRef<HTMLDivElement>(null)
  useKeys(screen, root)
  useZoom(screen)
  const isOpen = screen.work !== null
  const hasPanel = screen.choices.panelOpen && isOpen
  return (
    <div ref={root} className={['lab review', hasPanel ? '' : 'closed', judging.isFixing ? 'fixing' : 'looking'].filter(Boolean).join(' ')}>
      <ReviewHeader />
      <Rail />
      <main className="surf" id="main" tabIndex={-1} data-panel="surface">
        {screen.session.phase === 'empty' && !isOpen ? <Empty /> : <SurfaceArea />}
        {isOpen && <Legend />}
        {screen.popover === 'tone' && isOpen && <TonePanel screen={screen} />}
        {screen.popover === 'layers' && isOpen && <LayersPanel screen={screen} />}
        <ReviewNotices schemaVersion={schemaVersion} onReload={onReload} />
      </main>
      {isOpen && <VerdictBar />}
      {hasPanel && <ReviewPanel />}
      <Pinned />
      <Dialogs />
      {judging.asks !== null && screen.dialog === 'verdict' && <DefectDialog />}
      <SignIn email={email} />
    </div>
  )
}

function Empty(): ReactNode {
  const { screen } = useJudging()
  return (
    <div className="plate">
      <span className="ok"><Icon name="check" /></span>
      <h2>{m.emptyTitle}</h2>
      <p className="t2">{m.emptyText}</p>
      <div className="row g2 acts">
        <Button look="primary" size="big" icon="refresh" onClick={() => void screen.session.next()}>{m.lookAgain}</Button>
        <Button size="big" onClick={() => screen.options.onLeave?.()}>{m.back}</Button>
      </div>
    </div>
  )
}
