# The program in a container: docs/commands.md says how to build and start it, also for a GPU.
ARG BASE=debian:bookworm-slim

# What the program is built with; the dev container is this alone. The home is for every user, with a name or without: Maven keeps its
# libraries there, and TensorFlow's library is unpacked there.
FROM ${BASE} AS tools
RUN apt-get update && \
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        ca-certificates fontconfig fonts-dejavu-core git maven openjdk-17-jdk-headless && \
    rm -rf /var/lib/apt/lists/* && \
    mkdir -m 1777 /home/distill
ENV LANG=C.UTF-8 HOME=/home/distill MAVEN_OPTS=-Duser.home=/home/distill

FROM tools
# gpu takes TensorFlow's CUDA library.
ARG PROFILE=
COPY . /distill
WORKDIR /distill
RUN mvn -q -B ${PROFILE:+-P$PROFILE} -DskipTests package && \
    ./reproduce --version && \
    mkdir -p runs data && \
    chmod -R a+rwX runs data saved-models /home/distill
ENTRYPOINT ["/distill/reproduce"]
