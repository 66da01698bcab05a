namespace OrleansRec.Grains.Hosting;

/// <summary>Tells failures of a silo that stops or has gone, which pass by themselves, from those that an operator must hear of.</summary>
public static class SiloLoss
{
    /// <summary>Whether a call failed only because no silo could take it: it was rejected, or (the engine's base exception) nowhere to be placed.</summary>
    public static bool Explains(Exception failure) =>
        failure is OrleansMessageRejectionException || failure.GetType() == typeof(OrleansException);
}
