import { nothing } from "./nothing";

export default nothing;
