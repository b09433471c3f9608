// A thread that gives each task back, unless it is told to die of one.

import { answerTasks } from "../../server/threads.ts";

answerTasks((task: string) => {
  if (task === "throw") throw new Error("poisoned");
  if (task === "exit") process.exit(0);
  return task;
});
