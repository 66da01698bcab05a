namespace OrleansRec.Model;

/// <summary>A fixed side in whose eigenbasis rows are solved.</summary>
internal interface IEigenbasisSide
{
    /// <summary>The padded width.</summary>
    int Size { get; }

    /// <summary>Rows of factors out of the basis; both padded.</summary>
    void Leave(AlignedBlock<float> inside, int count, AlignedBlock<float> outside);
}
