// What the rest of the product uses of the labeling screen.

export type { At, Beside } from './beside'
export { labelingApi } from './http'
export type { ChosenKeys } from './key-map'
export { LabelingPreview, type LabelingPreviewProps } from './LabelingPreview'
export { LabelingScreen, type LabelingProject, type LabelingScreenProps } from './LabelingScreen'
export type { Sample } from './preview-api'
