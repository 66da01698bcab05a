using OrleansRec.Simulation.Commands;

return SimulateCommand.Run(args);
