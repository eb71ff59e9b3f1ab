import { action } from "@pylonsync/functions";

export default action({ handler: () => "done" });
