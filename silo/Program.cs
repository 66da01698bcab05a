return await OrleansRec.Silo.Commands.CommandLine.Run(args);
