import { arrowDoorTests } from "./sdk/arrow-door.ts";
import { configTests } from "./sdk/config-files.ts";
import { buildAlone, copyWithSources } from "./sdk/module-copy.ts";
import { nodeColumnTests } from "./sdk/node-columns.ts";
import { nodeScalarTests } from "./sdk/node-scalars.ts";
import { pythonScalarTests } from "./sdk/python-scalars.ts";
import { registrationTests } from "./sdk/registration.ts";

// one build of a module with every type, for all doors
const artifact = await buildAlone(copyWithSources("types"), "types");

nodeScalarTests(artifact);
nodeColumnTests(artifact);
pythonScalarTests(artifact);
arrowDoorTests(artifact);
configTests(artifact);
registrationTests(artifact);
