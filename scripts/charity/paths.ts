// Paths as the caller means them: npm runs scripts in the project's folder, and says where it was called.

import { resolve } from "node:path";

export const pathFrom = (file: string): string => resolve(process.env.INIT_CWD ?? process.cwd(), file);
