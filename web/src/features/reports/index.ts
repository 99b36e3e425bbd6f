export { HomePage } from './HomePage'
export { ProjectPeoplePage } from './People'
export { QualityPage } from './QualityPage'
export { PersonPage } from './team/PersonPage'
