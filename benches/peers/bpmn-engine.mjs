// Runs one workload in npm bpmn-engine for about a second of CPU time; the answer is one line of JSON.

import { readFileSync } from "node:fs";
import { Engine } from "bpmn-engine";
import BpmnModdle from "bpmn-moddle";

const [workload, file] = process.argv.slice(2);
// The file is read once: an instance pays only for running.
const moddleContext = await new BpmnModdle().fromXML(readFileSync(file, "utf8"));
const items = Array.from({ length: 100 }, (_, place) => place + 1);
let jobs = 0;

// Conditions of the language `peer`: a variable, a comparison, a number.
const holds = (text, variables) => {
  const [, name, operator, bound] = /^(\w+)\s*(<|>=)\s*(\d+)$/.exec(text);
  return operator === "<" ? variables[name] < +bound : variables[name] >= +bound;
};
const conditions = {
  register() {},
  getScript(language, { id, behaviour }) {
    const text = behaviour?.conditionExpression?.body;
    if (!text) throw new Error(`no condition at ${id}`);
    return { execute: (scope, callback) => callback(null, holds(text, scope.environment.variables)) };
  },
};

function bodies(element) {
  if (element.type !== "bpmn:ServiceTask") return;
  element.behaviour.Service = function Service() {
    return {
      execute(message, callback) {
        jobs += 1;
        if (workload === "xor") element.environment.variables.i += 1;
        callback();
      },
    };
  };
}

async function run(number) {
  const engine = new Engine({ name: `${number}`, moddleContext, scripts: conditions, extensions: { bodies } });
  const variables = { i: 0, x: 3, items };
  await new Promise((resolve, reject) => {
    engine.once("end", resolve);
    engine.once("error", reject);
    engine.execute({ variables }).catch(reject);
  });
}

if (!["seq10", "xor", "par", "or", "nested"].includes(workload)) {
  console.log(JSON.stringify({ error: "is not measured on this workload" }));
} else {
  await run(0);
  const each = jobs;
  const begun = process.cpuUsage();
  let instances = 0;
  let used = 0;
  while (used < 1e6) {
    await run(instances);
    instances += 1;
    const { user, system } = process.cpuUsage(begun);
    used = user + system;
  }
  console.log(JSON.stringify({ ns: (used * 1000) / instances, jobs: each }));
}
