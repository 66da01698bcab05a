using Microsoft.Extensions.Logging.Abstractions;
using Orleans;
using Orleans.Runtime;

namespace OrleansRec.Simulation.Engine.Activations;

/// <summary>The stages of one activation: Orleans' own lifecycle, with the list of those who take part in moves.</summary>
internal sealed class GrainLifecycle() : LifecycleSubject(NullLogger.Instance), IGrainLifecycle
{
    private readonly List<IGrainMigrationParticipant> _participants = [];

    public IReadOnlyList<IGrainMigrationParticipant> MigrationParticipants => _participants;

    public void AddMigrationParticipant(IGrainMigrationParticipant participant) => _participants.Add(participant);

    public void RemoveMigrationParticipant(IGrainMigrationParticipant participant) => _participants.Remove(participant);
}
