namespace OrleansRec.Model;

/// <summary>What a shop has said of a user besides events, as the log of a user shard holds it.</summary>
/// <param name="MayPersonalise">Whether lists may follow from the user's history.</param>
/// <param name="MayStore">Whether events of the user are kept.</param>
/// <param name="EventAgeMax">Older events go; null: as the shard's options have it.</param>
/// <param name="Attributes">Whatever the shop knows of the user: names and values.</param>
public sealed record LoggedSettings(bool MayPersonalise, bool MayStore, TimeSpan? EventAgeMax, LoggedAttribute[] Attributes);
