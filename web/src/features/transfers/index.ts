export { ExportPage, type ExportSearch } from './ExportPage'
export { type AddLabels } from './CheckStep'
export { ImportPage, type ImportSearch } from './ImportPage'
export { JobsPage, type JobsSearch } from './JobsPage'
