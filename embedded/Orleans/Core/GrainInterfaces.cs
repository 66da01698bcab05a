using Orleans.Runtime;

namespace Orleans;

/// <summary>Something that can be called: a grain or a reference to one.</summary>
public interface IAddressable;

/// <summary>Base of all grain interfaces.</summary>
public interface IGrain : IAddressable;

/// <summary>A grain named by a string.</summary>
public interface IGrainWithStringKey : IGrain;

/// <summary>Gives references to grains. A reference costs nothing and never fails; a call may.</summary>
public interface IGrainFactory
{
    /// <summary>The grain of this interface and key.</summary>
    TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey;

    /// <summary>The grain of this interface and key.</summary>
    IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey);

    /// <summary>The grain of this id, seen through an interface that its class implements.</summary>
    TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable;
}

/// <summary>The grains, for code that is not a grain.</summary>
public interface IClusterClient : IGrainFactory
{
    /// <summary>The container that the client is from.</summary>
    IServiceProvider ServiceProvider { get; }
}
